// What feeds said, gathered by id until all have been read. Records are kept as bytes: they are many, and most are looked at once.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

/// Take-in from several threads at a time; giving out after that.
class RecordStore {
  public:
    /// `source` is the number of the file that the record is of: files are read side by side, and what they say is given out in the order of their numbers.
    /// kInvalidInput: an id that is none (empty, over 64 bytes, control characters).
    Result<void> Add(const Vulnerability& record, std::size_t source);

    /// In their order, each once: years and numbers as numbers.
    std::vector<std::string> Ids() const;
    /// What was said of an id, in the order of sources, of each in the order of taking in; it is forgotten with that. Predictions alone make no record: ids that only they name are not
    /// among Ids().
    std::vector<Vulnerability> Take(const std::string& id);
    /// None, when nothing was predicted.
    std::optional<ExploitPrediction> Prediction(const std::string& id) const;
    bool has_predictions() const;

  private:
    template <typename T>
    struct Said {
        std::size_t source = 0;
        T what;
    };
    struct Shard {
        mutable Mutex mutex;
        std::unordered_map<std::string, std::vector<Said<std::string>>> records OPS_GUARDED_BY(mutex);
        std::unordered_map<std::string, Said<ExploitPrediction>> predictions OPS_GUARDED_BY(mutex);
    };
    static constexpr std::size_t kShards = 64;

    Shard& ShardOf(const std::string& id) { return shards_[std::hash<std::string>{}(id) % kShards]; }
    const Shard& ShardOf(const std::string& id) const { return shards_[std::hash<std::string>{}(id) % kShards]; }

    std::array<Shard, kShards> shards_;
};

/// The order of ids in a snapshot: letters as they are, numbers by value, so that CVE-2024-9999 stands before CVE-2024-10000.
bool IsIdBefore(std::string_view a, std::string_view b);

}  // namespace opsteward::vuln
