// A vault as it was when it was opened: read without a lock, beside the writer, who never waits for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "vault/layout.hpp"
#include "vault/leaf_source.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/seal/proof_file.hpp"
#include "vault/store/segment_set.hpp"
#include "vault/tree/node_files.hpp"

namespace opsteward::vault {

/// Safe for reading from several threads.
class VaultReader {
  public:
    /// kNotFound when there is no vault; kCorrupt, naming the place, when one is damaged.
    static Result<VaultReader> Open(const std::filesystem::path& folder);

    std::uint64_t size() const { return segments_.end() + tail_.size(); }
    std::uint64_t message_bytes() const;
    std::uint64_t stored_bytes() const;  ///< segments and write-ahead log
    std::size_t segment_count() const { return segments_.segments().size(); }

    const SegmentSet& segments() const { return segments_; }
    /// Canonical bytes of the records after the segments, each checked.
    const std::vector<std::string_view>& tail() const { return tail_; }

    /// Canonical bytes of one record. kNotFound when it was deleted, saying when and by which record. Precondition: sequence < size().
    Result<std::string> Canonical(std::uint64_t sequence) const;

    Result<Hash> Root() const { return Root(size()); }
    /// The root of the first `count` records. kInvalidInput when there are fewer.
    Result<Hash> Root(std::uint64_t count) const;
    /// The checkpoint as it lies there, verified by nobody; none when nothing was sealed yet.
    const std::optional<std::string>& sealed() const { return sealed_; }
    /// The proof of one record under the last checkpoint, with the record as its extra data. kNotFound when there is no such record; kConflict
    /// when it came after the last checkpoint.
    Result<ProofFile> Prove(std::uint64_t sequence) const;
    /// That the first `second` records begin with the first `first`. kInvalidInput unless first <= second <= size().
    Result<std::vector<Hash>> ProveConsistency(std::uint64_t first, std::uint64_t second) const;

  private:
    explicit VaultReader(const std::filesystem::path& folder) : layout_{folder}, nodes_(layout_.tree()) {}

    NodeReader Nodes() const;
    Error Deleted(std::uint64_t sequence, const GoneRange& range) const;

    Layout layout_;
    NodeFiles nodes_;
    SegmentSet segments_;
    std::vector<std::string> log_files_;  ///< as they were read; what is moved is the vector, never a string
    std::vector<std::string_view> tail_;  ///< canonical bytes of the records after the segments, in log_files_
    std::optional<std::string> sealed_;
};

}  // namespace opsteward::vault
