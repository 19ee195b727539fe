// How long records are kept, and which are held: DATA/retention.toml (docs/operate/log-retention.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/civil_time.hpp"
#include "base/result.hpp"
#include "vault/store/block.hpp"

namespace opsteward::vault {

/// The procedure (6.12.3) has logs kept for six months. What is kept for 183 days goes on the 184th after its receipt, and no six months are longer
/// (1 July to 1 January).
inline constexpr unsigned kLeastDays = 183;
inline constexpr unsigned kMostDays = 36'500;

/// Records of one source, of one kind, of both, or all.
struct RecordScope {
    std::optional<std::string> source = {};
    std::optional<std::string> kind = {};

    bool Covers(const SourceAndKind& stream) const { return (!source || *source == stream.source) && (!kind || *kind == stream.kind); }
    bool operator==(const RecordScope&) const = default;
};

struct RetentionRule {
    RecordScope of = {};
    unsigned days = 0;

    bool operator==(const RetentionRule&) const = default;
};

/// What it covers is not deleted, however old it is.
struct Hold {
    RecordScope of = {};
    std::optional<Date> from = {};  ///< first day of receipt
    std::optional<Date> to = {};    ///< last day of receipt
    std::string reason = {};

    /// Whether it covers some record of the stream that was received on one of these days.
    bool Covers(const SourceAndKind& stream, Date first, Date last) const;
    bool operator==(const Hold&) const = default;
};

struct RetentionRules {
    std::vector<RetentionRule> rules = {};  ///< `days` of the file is one for all records
    std::vector<Hold> holds = {};

    /// By the longest rule that covers them; none where no rule does: then they stay.
    std::optional<unsigned> DaysFor(const SourceAndKind& stream) const;
    bool operator==(const RetentionRules&) const = default;
};

/// kInvalidInput, with `name` of the file, line, column and what is expected.
Result<RetentionRules> ParseRetentionRules(std::string_view toml, const std::string& name);
/// None when there is no such file: then nothing is deleted.
Result<std::optional<RetentionRules>> ReadRetentionRules(const std::filesystem::path& file);
/// Adds the hold at the end of the file, which is made when there is none; a file that can't be read as rules is not touched.
Result<RetentionRules> AddHold(const std::filesystem::path& file, const Hold& hold);

}  // namespace opsteward::vault
