#include "features/vulnerabilities/record/record_codec.hpp"

#include <type_traits>
#include <utility>

#include "vault/store/varint.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::string_view kCpePrefix = "cpe:2.3:";
constexpr std::string_view kAny = ":*";

// The fields of each part, in their order, for the writer and the reader alike.

template <typename Archive>
void Visit(Archive& archive, Metric& metric) {
    archive.Enum(metric.origin, Origin::kEpss);
    archive.Byte(metric.version);
    archive.Byte(metric.score_tenths);
    archive.Text(metric.source);
    archive.Text(metric.vector);
}

template <typename Archive>
void Visit(Archive& archive, Criterion& criterion) {
    archive.Flags(criterion.is_vulnerable, criterion.excludes_start, criterion.excludes_end);
    archive.MatchString(criterion.cpe);
    archive.Text(criterion.start);
    archive.Text(criterion.end);
}

template <typename Archive>
void Visit(Archive& archive, Node& node) {
    archive.Flags(node.needs_all, node.is_negated);
    archive.List(node.criteria);
}

template <typename Archive>
void Visit(Archive& archive, Configuration& configuration) {
    archive.Enum(configuration.origin, Origin::kEpss);
    archive.Flags(configuration.needs_all, configuration.is_negated);
    archive.List(configuration.nodes);
}

template <typename Archive>
void Visit(Archive& archive, AffectedPackage& package) {
    archive.Enum(package.origin, Origin::kEpss);
    archive.Flags(package.excludes_end, package.is_undetermined);
    archive.Text(package.ecosystem);
    archive.Text(package.name);
    archive.Text(package.start);
    archive.Text(package.end);
    archive.Text(package.note);
}

template <typename Archive>
void Visit(Archive& archive, KnownExploited& known) {
    archive.Flags(known.is_ransomware);
    archive.Text(known.added);
    archive.Text(known.due);
    archive.Text(known.action);
}

template <typename Archive>
void Visit(Archive& archive, ExploitPrediction& prediction) {
    archive.Number(prediction.probability);
    archive.Number(prediction.percentile);
}

template <typename Archive>
void Visit(Archive& archive, Told& told) {
    archive.Enum(told.origin, Origin::kEpss);
    archive.Text(told.text);
}

template <typename Archive>
void Visit(Archive& archive, Vulnerability& record) {
    archive.Text(record.id);
    archive.Enum(record.status, Status::kDisputed);
    archive.Text(record.status_text);
    archive.Enum(record.status_origin, Origin::kEpss);
    archive.Text(record.published);
    archive.Text(record.modified);
    archive.Enum(record.modified_origin, Origin::kEpss);
    archive.Perhaps(record.description);
    archive.List(record.metrics);
    archive.List(record.weaknesses);
    archive.List(record.references);
    archive.List(record.fixing_patches);
    archive.List(record.configurations);
    archive.List(record.packages);
    archive.Perhaps(record.known_exploited);
    archive.Perhaps(record.exploit_prediction);
}

class Writer {
  public:
    void Byte(std::uint8_t value) { bytes += static_cast<char>(value); }
    void Number(std::uint64_t value) { vault::AppendVarint(bytes, value); }
    void Text(std::string_view text) {
        Number(text.size());
        bytes += text;
    }
    template <typename E>
    void Enum(E value, E /*last*/) {
        Byte(static_cast<std::uint8_t>(value));
    }
    template <typename... Flag>
    void Flags(Flag... flags) {
        unsigned bits = 0;
        unsigned bit = 1;
        ((bits |= flags ? bit : 0U, bit <<= 1), ...);
        Byte(static_cast<std::uint8_t>(bits));
    }
    /// Most match strings end in a row of ":*", which is written as how many there are.
    void MatchString(std::string_view text) {
        if (!text.starts_with(kCpePrefix)) {
            Byte(0);
            return Text(text);
        }
        text.remove_prefix(kCpePrefix.size());
        std::uint8_t any = 0;
        while (any < 11 && text.ends_with(kAny)) {
            text.remove_suffix(kAny.size());
            ++any;
        }
        Byte(static_cast<std::uint8_t>(any + 1));
        Text(text);
    }
    template <typename T>
    void List(std::vector<T>& list) {
        Number(list.size());
        for (T& element : list) Visit(*this, element);
    }
    template <typename T>
    void Perhaps(std::optional<T>& value) {
        Flags(value.has_value());
        if (value) Visit(*this, *value);
    }

    std::string bytes;
};

/// After the first fault nothing is read any more, and is_sound() says so.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    bool is_sound() const { return is_sound_; }
    bool IsAtEnd() const { return rest_.empty(); }

    void Byte(std::uint8_t& value) { value = TakeByte(); }
    void Number(std::uint32_t& value) {
        const std::uint64_t number = TakeNumber();
        if (number > UINT32_MAX) is_sound_ = false;
        value = static_cast<std::uint32_t>(number);
    }
    void Text(std::string& text) { text = TakeText(); }
    template <typename E>
    void Enum(E& value, E last) {
        const std::uint8_t byte = TakeByte();
        if (byte > static_cast<std::uint8_t>(last)) is_sound_ = false;
        if (is_sound_) value = static_cast<E>(byte);
    }
    template <typename... Flag>
    void Flags(Flag&... flags) {
        unsigned bits = TakeByte();
        ((flags = (bits & 1U) != 0, bits >>= 1), ...);
        if (bits != 0) is_sound_ = false;
    }
    void MatchString(std::string& text) {
        const std::uint8_t form = TakeByte();
        const std::string_view written = TakeText();
        if (form == 0) {
            if (written.starts_with(kCpePrefix)) is_sound_ = false;
            text = written;
            return;
        }
        if (form > 12 || (form < 12 && written.ends_with(kAny))) is_sound_ = false;
        if (!is_sound_) return;
        text.reserve(kCpePrefix.size() + written.size() + kAny.size() * (form - 1U));
        text = kCpePrefix;
        text += written;
        for (std::uint8_t i = 1; i < form; ++i) text += kAny;
    }
    template <typename T>
    void List(std::vector<T>& list) {
        const std::uint64_t count = TakeNumber();
        // Each element takes a byte at least, so that an announced number alone takes no memory.
        if (count > rest_.size()) is_sound_ = false;
        for (std::uint64_t i = 0; i < count && is_sound_; ++i) Visit(*this, list.emplace_back());
    }
    template <typename T>
    void Perhaps(std::optional<T>& value) {
        bool is_there = false;
        Flags(is_there);
        if (is_there && is_sound_) Visit(*this, value.emplace());
    }

  private:
    std::uint8_t TakeByte() {
        if (rest_.empty()) is_sound_ = false;
        if (!is_sound_) return 0;
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }
    std::uint64_t TakeNumber() {
        if (!is_sound_) return 0;
        const auto number = vault::TakeVarint(rest_);
        if (!number) is_sound_ = false;
        return number.value_or(0);
    }
    std::string_view TakeText() {
        const std::uint64_t size = TakeNumber();
        if (size > rest_.size()) is_sound_ = false;
        if (!is_sound_) return {};
        const std::string_view text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return text;
    }

    std::string_view rest_;
    bool is_sound_ = true;
};

}  // namespace

std::string EncodeRecord(const Vulnerability& record) {
    Writer writer;
    // One description of the fields serves writer and reader; the writer changes nothing.
    Visit(writer, const_cast<Vulnerability&>(record));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    return std::move(writer.bytes);
}

Result<Vulnerability> DecodeRecord(std::string_view bytes) {
    Reader reader(bytes);
    Vulnerability record;
    Visit(reader, record);
    if (!reader.is_sound() || !reader.IsAtEnd()) {
        return Error::Of(ErrorCode::kCorrupt, "弱點紀錄已損壞。", "A vulnerability's record is damaged.");
    }
    return record;
}

}  // namespace opsteward::vuln
