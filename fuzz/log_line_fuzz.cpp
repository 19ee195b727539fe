// A log line of arbitrary bytes: nothing crashes, every value lies in the line, in the store beside it or is a literal, a search by field
// would miss none, reading is the same each time, and a line end changes nothing. The first byte chooses hint and encoding.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/logs/line_reader.hpp"
#include "features/logs/testing/verbatim_fields.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::logs;

namespace {

bool Lies(std::string_view inner, std::string_view outer) {
    return inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size();
}

/// Facility, severity and the makers of devices are texts of the program's; so are the names of PAN-OS's columns.
bool IsLiteral(const Field& field) {
    return field.id == FieldId::kFacility || field.id == FieldId::kSeverity || field.id == FieldId::kDeviceVendor;
}

void CheckViews(const ParsedLine& line, std::string_view bytes) {
    Require(line.message.empty() || Lies(line.message, bytes));
    for (const std::string_view text : {line.host, line.program, line.pid}) Require(text.empty() || Lies(text, bytes));
    Require(line.fields.size() <= ParsedLine::kMaxFields);
    for (const Field& field : line.fields) {
        Require(!field.value.empty() && field.key.empty() == (field.id != FieldId::kVendor));
        Require(Lies(field.value, bytes) || line.owned.Contains(field.value) || IsLiteral(field));
        Require(field.key.empty() || Lies(field.key, bytes) || line.owned.Contains(field.key) ||
                line.content == ContentFormat::kPaloAlto);
    }
    Require(!line.facility || *line.facility <= 23);
    Require(!line.severity || *line.severity <= 7);
    Require(line.event_time || (!line.year_inferred && !line.zone_inferred));
}

void CheckSame(const ParsedLine& one, const ParsedLine& other) {
    Require(one.fields == other.fields && one.event_time == other.event_time && one.message == other.message);
    Require(one.header == other.header && one.content == other.content && one.is_cut == other.is_cut);
    Require(one.facility == other.facility && one.severity == other.severity);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    ReadOptions options;
    const unsigned choice = data[0] % 16;
    if (choice <= static_cast<unsigned>(ContentFormat::kSshd)) options.expected = static_cast<ContentFormat>(choice);
    options.encoding = (data[0] & 16) != 0 ? Encoding::kBig5 : Encoding::kUtf8;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Instant received = FromMillis(1795485600000);  // 2026-11-24T02:00:00Z

    ParsedLine line;
    ReadLine(bytes, received, options, line);
    CheckViews(line, bytes);
    Require(testing::FieldThatWouldBeMissed(line, bytes).empty());
    for (const Field& field : line.fields) Require(IsValidUtf8(TextForPeople(field.value, options.encoding)));

    ParsedLine again;
    const std::string ended = std::string(bytes) + "\r\n";
    ReadLine(ended, received, options, again);
    CheckViews(again, ended);
    CheckSame(line, again);
    ReadLine("<13>Nov 24 10:00:00 host sshd[1]: Invalid user \\\"a from 10.1.1.1 port 22", received, {}, again);
    ReadLine(bytes, received, options, again);
    CheckSame(line, again);
    return 0;
}
