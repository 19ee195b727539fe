// What was read from one log line. Made to be used again for the next line: after some lines, reading allocates nothing.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "features/logs/field_names.hpp"

namespace opsteward::logs {

/// The envelope the line came in.
enum class HeaderFormat : std::uint8_t { kNone, kRfc3164, kRfc5424 };

/// What the message inside is.
enum class ContentFormat : std::uint8_t {
    kPlain,
    kKeyValue,
    kJson,
    kCef,
    kLeef,
    kFortiGate,
    kPaloAlto,
    kCheckPoint,
    kCiscoAsa,
    kCisco,  ///< IOS, IOS XE, NX-OS: %FACILITY-SEVERITY-MNEMONIC
    kNetfilter,
    kWebAccess,
    kWebError,
    kSshd,
};

std::string_view NameOf(HeaderFormat format);   ///< "none", "rfc3164", "rfc5424"
std::string_view NameOf(ContentFormat format);  ///< "plain", "key_value", "fortigate", …
/// The content format called `name`: how a source's kind becomes a hint. Nothing for any other word.
std::optional<ContentFormat> FindContentFormat(std::string_view name);

struct Field {
    FieldId id = FieldId::kVendor;
    std::string_view key;    ///< the maker's own key; empty for what the dictionary names
    std::string_view value;  ///< as written, without the quotes and escapes around it

    /// "src_ip", "vendor.policyname"
    std::string FullName() const;
    /// Whether FullName() is `name` but for ASCII case; `folded` is in lower case.
    bool IsCalled(std::string_view folded) const;
    bool operator==(const Field&) const = default;
};

/// Text that does not stand in the line as it is (escapes taken out, names joined). Its views hold until Clear.
class TextStore {
  public:
    std::string_view Join(std::initializer_list<std::string_view> parts);
    /// Room for at most `size` bytes; what was really written is kept by Commit, which must come next.
    char* Reserve(std::size_t size);
    std::string_view Commit(std::size_t size);
    /// Keeps at most one block of memory.
    void Clear();
    bool Contains(std::string_view text) const;

  private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
    };

    std::vector<Block> blocks_;
    std::size_t used_ = 0;  ///< of the last block
};

/// Views lie in the line that was read or in `owned`: they hold as long as both are left alone.
struct ParsedLine {
    /// Beyond this many, fields of one line are left out and `is_cut` says so.
    static constexpr std::size_t kMaxFields = 512;

    std::optional<Instant> event_time;  ///< nothing when the line has none that can be read
    bool year_inferred = false;         ///< the line named no year
    bool zone_inferred = false;         ///< the line named no zone that is known: Asia/Taipei was taken
    std::optional<std::uint8_t> facility;  ///< RFC 5424 section 6.2.1, 0–23
    std::optional<std::uint8_t> severity;  ///< 0–7
    std::string_view host;
    std::string_view program;
    std::string_view pid;
    std::string_view message;  ///< the end of the line, after the header
    HeaderFormat header = HeaderFormat::kNone;
    ContentFormat content = ContentFormat::kPlain;
    /// In the order in which they were read, host, program, pid, facility and severity among them. A name may occur more than once.
    std::vector<Field> fields;
    bool is_cut = false;
    TextStore owned;

    /// The first value of a field; empty when there is none.
    std::string_view Value(FieldId id) const;
    /// Empty values are left out, and the maker's own without a key.
    void Add(FieldId id, std::string_view value);
    void AddVendor(std::string_view key, std::string_view value);
    /// Under `id`, or under the maker's key when that is kVendor.
    void Add(FieldId id, std::string_view key, std::string_view value);
    void Clear();
};

}  // namespace opsteward::logs
