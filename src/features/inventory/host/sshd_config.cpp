#include "features/inventory/host/sshd_config.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr int kMaxIncludeDepth = 16;  // SERVCONF_MAX_DEPTH of OpenSSH
constexpr std::size_t kMaxIncludedFiles = 256;
constexpr std::size_t kMaxValueBytes = 2048;

struct Known {
    std::string_view name;
    std::string_view default_value;
    bool is_case_free = true;
};

// Protocol was removed in OpenSSH 7.6: version 2 is the only one left, whatever the file says.
constexpr std::array kKnown = {
    Known{"Port", "22"},
    Known{"Protocol", "2"},
    Known{"PermitRootLogin", "prohibit-password"},
    Known{"PasswordAuthentication", "yes"},
    Known{"PermitEmptyPasswords", "no"},
    Known{"KbdInteractiveAuthentication", "yes"},
    Known{"PubkeyAuthentication", "yes"},
    Known{"HostbasedAuthentication", "no"},
    Known{"IgnoreRhosts", "yes"},
    Known{"GSSAPIAuthentication", "no"},
    Known{"UsePAM", "no"},
    Known{"X11Forwarding", "no"},
    Known{"AllowTcpForwarding", "yes"},
    Known{"GatewayPorts", "no"},
    Known{"PermitUserEnvironment", "no"},
    Known{"StrictModes", "yes"},
    Known{"MaxAuthTries", "6"},
    Known{"LoginGraceTime", "120"},
    Known{"ClientAliveInterval", "0"},
    Known{"ClientAliveCountMax", "3"},
    Known{"LogLevel", "INFO"},
    Known{"Ciphers",
          "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com"},
    Known{"MACs",
          "umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
          "hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1"},
    Known{"KexAlgorithms",
          "sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
          "ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,"
          "diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"},
    Known{"AllowUsers", "", false},
    Known{"AllowGroups", "", false},
};

/// These gather all their values; of the others the first one counts.
bool IsGathering(std::string_view name) { return name == "Port" || name == "AllowUsers" || name == "AllowGroups"; }

class Reader {
  public:
    explicit Reader(const OpenIncluded& open_included) : open_included_(open_included) {}

    void ReadText(std::string_view text, int depth) {
        bool is_in_match = false;
        for (const std::string_view raw : SplitLines(text)) {
            const std::string_view line = Trim(raw);
            if (line.empty() || line.front() == '#') continue;
            const auto [keyword, value] = SplitKeyword(line);
            if (keyword == "match") {
                is_in_match = true;
                ++result.match_blocks;
            }
            if (is_in_match) continue;
            if (keyword == "include") {
                for (const std::string_view pattern : SplitWords(value)) Include(Unquote(pattern), depth);
            } else {
                Set(keyword, value);
            }
        }
    }

    SshdSettings Finish() {
        for (std::size_t i = 0; i < kKnown.size(); ++i) {
            const bool is_unknown = result.unknown && (values_[i].empty() || IsGathering(kKnown[i].name));
            SshdSettings::Setting setting{kKnown[i].name, std::nullopt};
            if (!is_unknown) setting.value = values_[i].empty() ? std::string(kKnown[i].default_value) : values_[i];
            if (kKnown[i].name == "Protocol") setting.value = "2";
            result.settings.push_back(std::move(setting));
        }
        return std::move(result);
    }

    SshdSettings result;

  private:
    struct Line {
        std::string keyword;  ///< in lower case
        std::string_view value;
    };

    /// "Keyword value", "Keyword=value", "Keyword = value"
    static Line SplitKeyword(std::string_view line) {
        const std::size_t end = std::min(line.find_first_of(" \t="), line.size());
        std::string_view value = Trim(line.substr(end));
        if (value.starts_with('=')) value = Trim(value.substr(1));
        return {ToLowerAscii(line.substr(0, end)), value};
    }

    static std::string Unquote(std::string_view word) {
        if (word.size() >= 2 && word.front() == '"' && word.back() == '"') word = word.substr(1, word.size() - 2);
        return std::string(word);
    }

    void Include(std::string pattern, int depth) {
        if (pattern.empty()) return;
        if (!pattern.starts_with('/')) pattern = "/etc/ssh/" + pattern;
        for (const auto& text : open_included_(pattern)) {
            if (!text.ok()) {
                MarkUnknown(text.error().caller_text);
            } else if (depth >= kMaxIncludeDepth || ++included_ > kMaxIncludedFiles) {
                // sshd refuses to start with such a file.
                MarkUnknown({"sshd_config 引入的檔案過多，或互相引入。", "sshd_config includes too many files, or one that includes itself."});
            } else {
                ReadText(*text, depth + 1);
            }
        }
    }

    void MarkUnknown(Text why) {
        if (!result.unknown) result.unknown = std::move(why);
    }

    void Set(std::string_view keyword, std::string_view value) {
        // The older name of the same setting (sshd_config(5)).
        if (keyword == "challengeresponseauthentication") keyword = "kbdinteractiveauthentication";
        for (std::size_t i = 0; i < kKnown.size(); ++i) {
            if (ToLowerAscii(kKnown[i].name) != keyword) continue;
            // What follows a file that could not be read might have been set there already.
            if (result.unknown || value.empty()) return;
            std::string plain = PlainValue(value);
            if (kKnown[i].is_case_free && kKnown[i].name != "LogLevel") plain = ToLowerAscii(plain);
            if (IsGathering(kKnown[i].name) && !values_[i].empty()) {
                values_[i].append(" ").append(plain);
            } else if (values_[i].empty()) {
                values_[i] = Canonical(kKnown[i].name, std::move(plain));
            }
        }
    }

    /// Without quotes and without a comment at its end.
    static std::string PlainValue(std::string_view value) {
        std::string plain;
        for (const std::string_view word : SplitWords(value)) {
            if (word.front() == '#') break;
            plain.append(plain.empty() ? "" : " ").append(Unquote(word));
        }
        return plain.substr(0, kMaxValueBytes);
    }

    static std::string Canonical(std::string_view name, std::string value) {
        if (name == "PermitRootLogin" && value == "without-password") return "prohibit-password";
        return value;
    }

    const OpenIncluded& open_included_;
    std::array<std::string, kKnown.size()> values_;
    std::size_t included_ = 0;
};

}  // namespace

SshdSettings ParseSshdConfig(std::string_view text, const OpenIncluded& open_included) {
    Reader reader(open_included);
    reader.ReadText(text, 0);
    return reader.Finish();
}

}  // namespace opsteward::inventory::host
