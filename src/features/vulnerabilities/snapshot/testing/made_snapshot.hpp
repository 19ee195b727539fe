// A snapshot of records that a test writes down.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "features/vulnerabilities/snapshot/compiler.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

namespace opsteward::vuln::testing {

inline void Store(const std::vector<Vulnerability>& records, RecordStore& store) {
    for (const Vulnerability& record : records) {
        const auto added = store.Add(record, 0);
        ASSERT_TRUE(added.ok()) << record.id;
    }
}

/// Null after a failure, which the test has then.
inline std::shared_ptr<const Snapshot> MakeSnapshot(const std::vector<Vulnerability>& records, const std::filesystem::path& path) {
    RecordStore store;
    Store(records, store);
    CompileOptions options;
    options.out = path;
    const auto counts = CompileSnapshot(store, options);
    EXPECT_TRUE(counts.ok()) << counts.error().operator_text;
    if (!counts.ok()) return nullptr;
    auto snapshot = Snapshot::Open(path);
    EXPECT_TRUE(snapshot.ok()) << snapshot.error().operator_text;
    return snapshot.ok() ? *snapshot : nullptr;
}

inline Criterion Vulnerable(std::string cpe, std::string start = "", std::string end = "", bool excludes_end = true) {
    return {std::move(cpe), std::move(start), std::move(end), false, excludes_end, true};
}
inline Criterion RunsOn(std::string cpe) { return {std::move(cpe), "", "", false, false, false}; }

/// One whose criteria decide alone.
inline Vulnerability Simple(std::string id, std::vector<Criterion> criteria) {
    Vulnerability record;
    record.id = std::move(id);
    record.configurations.push_back({Origin::kNvd, false, false, {{false, false, std::move(criteria)}}});
    return record;
}
/// One that needs one of each list.
inline Vulnerability Together(std::string id, std::vector<std::vector<Criterion>> nodes) {
    Vulnerability record;
    record.id = std::move(id);
    Configuration& configuration = record.configurations.emplace_back();
    configuration.needs_all = true;
    for (auto& criteria : nodes) configuration.nodes.push_back({false, false, std::move(criteria)});
    return record;
}

}  // namespace opsteward::vuln::testing
