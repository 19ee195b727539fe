#include "features/firewall/idle/requested_period.hpp"

#include <gtest/gtest.h>

namespace opsteward::firewall {
namespace {

constexpr std::int64_t kNewYear = 1'798'732'800;  // 2027-01-01T00:00:00+08:00

TEST(RequestedPeriod, IsFoundInAComment) {
    EXPECT_EQ(FindRequestedPeriod("REQ-2026-031 exp=2026-12-31"), (RequestedPeriod{"REQ-2026-031", kNewYear}));
    EXPECT_EQ(FindRequestedPeriod("for the web (REQ-2026-031), EXP=2026-12-31; thanks"), (RequestedPeriod{"REQ-2026-031", kNewYear}));
    EXPECT_EQ(FindRequestedPeriod("申請 exp=115.12.31"), (RequestedPeriod{"", kNewYear}));
    EXPECT_EQ(FindRequestedPeriod("exp=2020-01-01 exp=2026/12/31"), (RequestedPeriod{"", kNewYear}));
    EXPECT_EQ(FindRequestedPeriod("FW-2026-7"), (RequestedPeriod{"FW-2026-7", std::nullopt}));
}

TEST(RequestedPeriod, WhatIsNoneIsLeftAlone) {
    for (const char* const comment :
         {"", "exp=", "exp=soon", "exp=2026-02-30", "REQ-26-1", "REQ-2026-", "REQ-2026-x", "-2026-1", "1-2026-1", "expired=2026-12-31", "exp = 2026-12-31"}) {
        EXPECT_EQ(FindRequestedPeriod(comment), RequestedPeriod()) << comment;
    }
    EXPECT_EQ(FindRequestedPeriod(std::string(1'000'000, 'x')), RequestedPeriod());
    EXPECT_EQ(FindRequestedPeriod("exp=" + std::string(1'000'000, '9')), RequestedPeriod());
}

}  // namespace
}  // namespace opsteward::firewall
