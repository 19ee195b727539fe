// Secrets in configurations that are lines of words.
#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"
#include "features/firewall/canonical/redact_parts.hpp"
#include "features/firewall/canonical/secret_names.hpp"
#include "features/firewall/formats/secret_mark.hpp"
#include "features/firewall/formats/secret_shapes.hpp"

namespace opsteward::firewall {

namespace {

/// A word of a line; what is quoted is one word.
struct Word {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool is_secret = false;
};

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::vector<Word> WordsOf(std::string_view line) {
    std::vector<Word> words;
    for (std::size_t at = 0; at < line.size();) {
        if (IsBlank(line[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        if (line[at] == '"') {
            ++at;
            while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
            at = std::min(at + 1, line.size());
        }
        while (at < line.size() && !IsBlank(line[at])) ++at;
        words.push_back({begin, at});
    }
    return words;
}

/// How the secret behind a word is written, and of what kind: "7", "md5", "ascii-text", "encrypted" …
bool IsManner(std::string_view word) {
    static constexpr std::array<std::string_view, 28> kManners{
        "md5", "sha", "sha1", "sha-1", "sha224", "sha256", "sha-256", "sha384", "sha512", "aes", "des", "3des", "aes128", "aes256", "hex", "ascii", "text",
        "encrypted", "plain", "cleartext", "hmac-sha-256", "cmac-aes-128", "ascii-text", "hexadecimal", "encryption", "type", "=", "is"};
    return std::ranges::find(kManners, word) != kManners.end();
}
bool IsTypeDigit(std::string_view word) { return word.size() == 1 && std::string_view("0456789").find(word[0]) != std::string_view::npos; }
bool IsNumber(std::string_view word) { return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos; }
bool IsMasked(std::string_view word) { return !word.empty() && word.find_first_not_of("*") == std::string_view::npos; }

class LineRedactor {
  public:
    LineRedactor(WordDialect dialect, std::string_view hash_key) : dialect_(dialect), hash_key_(hash_key) {}

    void Append(std::string_view line, std::string& out) {
        line_ = line;
        words_ = WordsOf(line);
        FollowBlocks();
        MarkNamed();
        if (dialect_ == WordDialect::kCisco) MarkCisco();
        if (dialect_ == WordDialect::kJuniper) MarkJuniper();
        std::size_t copied = 0;
        for (const Word& word : words_) {
            if (!word.is_secret) continue;
            out.append(line.substr(copied, word.begin - copied));
            AppendMark(word, out);
            copied = word.end;
        }
        out.append(line.substr(copied));
    }

  private:
    std::string_view Text(std::size_t i) const { return line_.substr(words_[i].begin, words_[i].end - words_[i].begin); }
    /// Without what closes a statement or a value.
    std::string_view Bare(std::size_t i) const {
        std::string_view text = Text(i);
        while (!text.empty() && (text.back() == ';' || text.back() == '"' || text.back() == ',')) text.remove_suffix(1);
        while (!text.empty() && text.front() == '"') text.remove_prefix(1);
        return text;
    }
    std::string Lower(std::size_t i) const { return ToLowerAscii(Bare(i)); }

    void AppendMark(const Word& word, std::string& out) {
        std::string_view text = line_.substr(word.begin, word.end - word.begin);
        const bool ends_statement = text.ends_with(';');
        if (ends_statement) text.remove_suffix(1);
        const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
        if (is_quoted) text = text.substr(1, text.size() - 2);
        const std::string mark = IsMasked(text) || IsSecretMark(text) ? std::string(text) : SecretMark(text, hash_key_);
        out += is_quoted ? '"' + mark + '"' : mark;
        if (ends_statement) out.push_back(';');
    }

    /// Junos in braces: whether the line is within `snmp { … }` at the top.
    void FollowBlocks() {
        if (dialect_ != WordDialect::kJuniper || words_.empty()) return;
        const bool opens = Text(words_.size() - 1) == "{";
        if (opens && depth_ == 0) is_in_snmp_ = Text(0) == "snmp";
        if (opens) ++depth_;
        if (Text(0) == "}" && depth_ > 0 && --depth_ == 0) is_in_snmp_ = false;
    }

    bool NamesSecret(std::size_t i) const {
        const std::string word = Lower(i);
        if (!IsSecretName(word)) return false;
        if (word.ends_with("community")) return IsSnmpLine();
        return true;
    }
    /// Communities of routes have the same name and are no secrets.
    bool IsSnmpLine() const {
        if (dialect_ == WordDialect::kPanOs || is_in_snmp_) return true;
        const std::size_t looked_at = std::min<std::size_t>(words_.size(), 3);
        for (std::size_t i = 0; i < looked_at; ++i) {
            if (Lower(i).starts_with("snmp")) return true;
        }
        return false;
    }

    /// The word behind one that names a secret, past the manner in which it is written.
    void MarkNamed() {
        for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
            if (!NamesSecret(i)) continue;
            std::size_t value = i + 1;
            while (value + 1 < words_.size() && IsMannerAt(value)) ++value;
            if (NamesSecret(value) && value + 1 < words_.size()) continue;  // "pre-shared-key key …": the next word names it
            if (Text(value) == "{" || Text(value) == "}") continue;
            words_[value].is_secret = true;
            i = value;
        }
    }
    bool IsMannerAt(std::size_t i) const {
        const std::string word = Lower(i);
        if (IsManner(word) || IsTypeDigit(word)) return true;
        // "authentication-key 12 md5 …", "aes 128 …": the number of a key, the length of one.
        return IsNumber(word) && ((i + 1 < words_.size() && IsManner(Lower(i + 1))) || IsManner(Lower(i - 1)));
    }

    void MarkCisco() {
        if (words_.size() < 3) return;
        const std::string first = Lower(0);
        const std::string second = Lower(1);
        if (first == "snmp-server" && second == "user") MarkBehind({"auth", "priv"});
        if (first == "snmp-server" && second == "host") MarkSnmpHost();
        if (first == "aaa-server") MarkAaaHost();
    }
    void MarkBehind(std::initializer_list<std::string_view> names) {
        for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
            if (std::ranges::find(names, Lower(i)) == names.end()) continue;
            std::size_t value = i + 1;
            while (value + 1 < words_.size() && IsMannerAt(value)) ++value;
            words_[value].is_secret = true;
        }
    }
    /// "snmp-server host inside 192.0.2.1 [trap|poll] [community] public version 2c udp-port 162": what is none of its words is the community.
    void MarkSnmpHost() {
        static constexpr std::array<std::string_view, 10> kWords{"trap", "poll", "community", "version", "1", "2c", "3", "udp-port", "traps", "informs"};
        for (std::size_t i = 4; i < words_.size(); ++i) {
            const std::string word = Lower(i);
            const bool is_port = IsNumber(word) && Lower(i - 1) == "udp-port";
            if (std::ranges::find(kWords, word) == kWords.end() && !is_port) words_[i].is_secret = true;
        }
    }
    /// "aaa-server AUTH (inside) host 192.0.2.1 sesame timeout 5".
    void MarkAaaHost() {
        for (std::size_t i = 0; i + 2 < words_.size(); ++i) {
            if (Lower(i) == "host" && Lower(i + 2) != "timeout") words_[i + 2].is_secret = true;
        }
    }

    void MarkJuniper() {
        if (line_.find("SECRET-DATA") == std::string_view::npos) return;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            if (Text(i).starts_with('"')) words_[i].is_secret = true;
        }
    }

    WordDialect dialect_;
    std::string_view hash_key_;
    std::string_view line_;
    std::vector<Word> words_;
    std::size_t depth_ = 0;
    bool is_in_snmp_ = false;
};

}  // namespace

std::string RedactWords(WordDialect dialect, std::string_view text, std::string_view hash_key) {
    // Keys of several lines first: they are no lines of words.
    const std::string shaped = RedactShapes(text, hash_key);
    LineRedactor redactor(dialect, hash_key);
    std::string out;
    std::string_view rest = shaped;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        redactor.Append(rest.substr(0, end), out);
        if (end == std::string_view::npos) break;
        out.push_back('\n');
        rest.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace opsteward::firewall
