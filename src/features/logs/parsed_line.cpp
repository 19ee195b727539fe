#include "features/logs/parsed_line.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/folding.hpp"

namespace opsteward::logs {
namespace {

constexpr std::size_t kBlockSize = 16384;

struct FormatName {
    ContentFormat format;
    std::string_view name;
};

constexpr auto kFormatNames = std::to_array<FormatName>({
    {ContentFormat::kPlain, "plain"},
    {ContentFormat::kKeyValue, "key_value"},
    {ContentFormat::kJson, "json"},
    {ContentFormat::kCef, "cef"},
    {ContentFormat::kLeef, "leef"},
    {ContentFormat::kFortiGate, "fortigate"},
    {ContentFormat::kPaloAlto, "palo_alto"},
    {ContentFormat::kCheckPoint, "check_point"},
    {ContentFormat::kCiscoAsa, "cisco_asa"},
    {ContentFormat::kCisco, "cisco"},
    {ContentFormat::kNetfilter, "netfilter"},
    {ContentFormat::kWebAccess, "web_access"},
    {ContentFormat::kWebError, "web_error"},
    {ContentFormat::kSshd, "sshd"},
});

}  // namespace

std::string_view NameOf(HeaderFormat format) {
    switch (format) {
        case HeaderFormat::kRfc3164: return "rfc3164";
        case HeaderFormat::kRfc5424: return "rfc5424";
        case HeaderFormat::kNone: break;
    }
    return "none";
}

std::string_view NameOf(ContentFormat format) { return kFormatNames[static_cast<std::size_t>(format)].name; }

std::optional<ContentFormat> FindContentFormat(std::string_view name) {
    const auto found = std::ranges::find(kFormatNames, name, &FormatName::name);
    if (found == kFormatNames.end()) return std::nullopt;
    return found->format;
}

std::string Field::FullName() const {
    if (id == FieldId::kVendor) return std::string(kVendorPrefix).append(key);
    return std::string(SpecOf(id).name);
}

bool Field::IsCalled(std::string_view folded) const {
    if (id != FieldId::kVendor) return folded == SpecOf(id).name;
    return folded.starts_with(kVendorPrefix) && EqualsFolded(key, folded.substr(kVendorPrefix.size()));
}

char* TextStore::Reserve(std::size_t size) {
    if (blocks_.empty() || blocks_.back().size - used_ < size) {
        const std::size_t block = std::max(size, kBlockSize);
        blocks_.push_back({std::make_unique_for_overwrite<char[]>(block), block});
        used_ = 0;
    }
    return blocks_.back().bytes.get() + used_;
}

std::string_view TextStore::Commit(std::size_t size) {
    const std::string_view text(blocks_.back().bytes.get() + used_, size);
    used_ += size;
    return text;
}

std::string_view TextStore::Join(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const std::string_view part : parts) size += part.size();
    char* to = Reserve(size);
    for (const std::string_view part : parts) to = std::copy(part.begin(), part.end(), to);
    return Commit(size);
}

void TextStore::Clear() {
    used_ = 0;
    if (blocks_.size() == 1 && blocks_.front().size == kBlockSize) return;
    // A block of another size came from an unusually long line: it is not held for the next ones.
    std::erase_if(blocks_, [](const Block& block) { return block.size != kBlockSize; });
    if (blocks_.size() > 1) blocks_.resize(1);
}

bool TextStore::Contains(std::string_view text) const {
    return std::ranges::any_of(blocks_, [&](const Block& block) {
        const char* const begin = block.bytes.get();
        return std::less_equal<>()(begin, text.data()) && std::less_equal<>()(text.data() + text.size(), begin + block.size);
    });
}

std::string_view ParsedLine::Value(FieldId id) const {
    const auto found = std::ranges::find(fields, id, &Field::id);
    return found == fields.end() ? std::string_view() : found->value;
}

void ParsedLine::Add(FieldId id, std::string_view key, std::string_view value) {
    if (value.empty() || (id == FieldId::kVendor && key.empty())) return;
    if (fields.size() == kMaxFields) {
        is_cut = true;
        return;
    }
    fields.push_back({id, id == FieldId::kVendor ? key : std::string_view(), value});
}

void ParsedLine::Add(FieldId id, std::string_view value) { Add(id, {}, value); }

void ParsedLine::AddVendor(std::string_view key, std::string_view value) { Add(FieldId::kVendor, key, value); }

void ParsedLine::Clear() {
    event_time.reset();
    year_inferred = zone_inferred = false;
    facility.reset();
    severity.reset();
    host = program = pid = message = {};
    header = HeaderFormat::kNone;
    content = ContentFormat::kPlain;
    fields.clear();
    is_cut = false;
    owned.Clear();
}

}  // namespace opsteward::logs
