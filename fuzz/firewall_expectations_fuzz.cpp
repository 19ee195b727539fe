// Expectations of arbitrary bytes: nothing crashes; what was read is asked of a rule base, and each answer's example stands up to being replayed.
#include <string_view>

#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/expectations.hpp"
#include "features/firewall/analysis/testing/rules.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::firewall;

namespace {

RuleBase Asked() {
    using namespace firewall::testing;
    return BaseOf({RuleOf(Action::kAccept, {Ipv4Traffic("0.0.0.0/0", "203.0.113.10", Tcp(443, 443))}),
                   WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/8", "192.0.2.0/24")}), "schedule"),
                   RuleOf(Action::kReject, {Ipv4Traffic("198.51.100.0/24", "0.0.0.0/0"), Ipv6Traffic("2001:db8::/32", "::/0")}),
                   RuleOf(Action::kAccept, {Ipv6Traffic("::/0", "2001:db8::/64", ServicesOf(58))})});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto expectations = ReadExpectations({reinterpret_cast<const char*>(data), size});
    if (!expectations.ok()) {
        Require(!expectations.error().caller_text.zh.empty() && !expectations.error().caller_text.en.empty());
        return 0;
    }
    static const RuleBase kBase = Asked();
    const auto results = CheckExpectations(*expectations, {&kBase, 1}, {});
    if (!results.ok()) return 0;
    for (const ExpectationResult& result : *results) {
        Require(result.state != ExpectationState::kUndecided && result.expectation < expectations->size());
        if (result.state != ExpectationState::kRefuted) continue;
        const bool is_accepted = (*expectations)[result.expectation].is_accepted && !result.is_about_rest;
        Require(OutcomeOf(kBase, Evaluate(kBase, *result.example)) == (is_accepted ? Outcome::kBlocked : Outcome::kAllowed));
    }
    return 0;
}
