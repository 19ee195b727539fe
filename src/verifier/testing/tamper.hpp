// The vault that somebody with all rights on the machine lays hands on.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "verifier/testing/test_vault.hpp"

namespace opsteward::verifier::testing {

/// Three segments of 600 events, sealed after each; 100 more in the write-ahead log, which holds these alone.
class Tamper : public ::testing::Test {
  protected:
    Tamper() {
        for (int i = 0; i < 3; ++i) {
            vault_.Append(600);
            vault_.WriteSegments();
            kept_.push_back({"witness " + std::to_string(vault_.size()), vault_.Seal()});
        }
        vault_.Append(60);
        vault_.Append(40);
        kept_.push_back({"witness", vault_.Seal()});
        vault_.Stop();
        vault_.Remove("log/00000000000000001200.wal");
    }

    static void SetLetter(TestVault::OwnedRecord& record) { record.message[0] = 'E'; }

    TestVault vault_;
    std::vector<KeptCheckpoint> kept_;
    const std::string first_ = "segments/00000000000000000000.seg";
    const std::string second_ = "segments/00000000000000000600.seg";
    const std::string third_ = "segments/00000000000000001200.seg";
};

}  // namespace opsteward::verifier::testing
