// A query (the first line) on a record (the rest), both arbitrary: what is accepted is written canonically and read back, both
// matchers agree, and what is required of a record never rules out one that matches.
#include <string_view>

#include "require.hpp"
#include "vault/query/matcher.hpp"
#include "vault/query/needles.hpp"
#include "vault/query/testing/pairs.hpp"

using namespace opsteward;
using namespace opsteward::vault;

namespace {

void CheckRefusal(std::string_view text, const Error& error, const query::Place& place) {
    Require(error.code == ErrorCode::kInvalidInput || error.code == ErrorCode::kTooLarge);
    Require(!error.caller_text.zh.empty() && !error.caller_text.en.empty());
    Require(place.byte <= text.size() && place.column >= 1 && place.column <= place.byte + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string_view text = input.substr(0, input.find('\n'));
    const std::string_view bytes = text.size() == size ? text : input.substr(text.size() + 1);

    query::Place place;
    const auto parsed = query::ParseQuery(text, &place);
    if (!parsed.ok()) {
        CheckRefusal(text, parsed.error(), place);
        return 0;
    }
    const std::string canonical = query::ToText(*parsed);
    const auto again = query::ParseQuery(canonical);
    Require(again.ok() && *again == *parsed && query::ToText(*again) == canonical);

    const auto compiled = query::CompiledQuery::Compile(*parsed);
    Require(compiled.ok());
    const opsteward::vault::RecordView record{.source = "fw-1", .kind = "firewall", .peer = {}, .message = bytes};
    const query::testing::PairFields fields(bytes);
    const bool matches = query::Matches(*parsed, record, fields);
    Require(compiled->Matches(record, fields) == matches);

    const query::testing::RecordEvidence evidence(record, fields);
    if (matches) {
        Require(query::MayMatch(query::RequirementOf(*parsed), evidence).value() != 0);
        // The values of PairFields are parts of the bytes.
        Require(query::MayMatch(query::RequirementOf(*parsed, [](std::string_view) { return true; }), evidence).value() != 0);
    }
    return 0;
}
