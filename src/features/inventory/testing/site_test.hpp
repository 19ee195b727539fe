// Tests of pages and API: the module over a database with devices.
#pragma once

#include <memory>

#include "features/inventory/testing/counting_database.hpp"
#include "features/inventory/testing/inventory_test.hpp"
#include "features/inventory/testing/site.hpp"

namespace opsteward::inventory {

class SiteTest : public InventoryTest {
  protected:
    void SetUp() override;

    Site& site() { return *site_; }
    /// Statements read by handlers so far.
    int statements() const { return counting_->statements(); }
    int changes_told() const { return changes_told_; }
    int jobs_woken() const { return jobs_woken_; }
    /// Device 1: the own host, with something in every topic.
    std::int64_t RegisterAndObserveHost();
    /// Ids of queued jobs of a kind.
    std::int64_t CountQueued(std::string_view kind);

    static constexpr std::string_view kHostKey = "machine-id:0123456789abcdef0123456789abcdef";

  private:
    std::unique_ptr<CountingDatabase> counting_;
    std::unique_ptr<db::testing::TemporaryFolder> empty_machine_;
    std::unique_ptr<Site> site_;
    int changes_told_ = 0;
    int jobs_woken_ = 0;
};

}  // namespace opsteward::inventory
