// Short ways to what a reader read, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "base/result.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall::testing {

/// A failed test and an empty configuration where the text was refused.
inline Configuration Accepted(Result<Configuration> read) {
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().operator_text);
    return read.ok() ? *std::move(read) : Configuration();
}

/// The first rule of that id in any of the rule bases; null where there is none.
inline const Rule* FindRule(const Configuration& configuration, std::string_view id) {
    for (const RuleBase& base : configuration.rule_bases) {
        const auto rule = std::ranges::find(base.rules, id, &Rule::id);
        if (rule != base.rules.end()) return &*rule;
    }
    return nullptr;
}

}  // namespace opsteward::firewall::testing
