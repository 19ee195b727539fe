// What a segment's index and footer say of its blocks, as a query asks for it.
#pragma once

#include "vault/query/needles.hpp"
#include "vault/store/segment.hpp"

namespace opsteward::logs {

class SegmentEvidence final : public vault::query::Evidence {
  public:
    /// Keeps a reference to it.
    explicit SegmentEvidence(const vault::Segment& segment) : segment_(segment) {}

    vault::query::Groups all() const override { return segment_.all_blocks(); }
    Result<vault::query::Groups> WithLiteral(std::string_view literal) const override;
    /// No numbers are kept: every block may have it.
    Result<vault::query::Groups> WithNumber(std::string_view field, double lower, double upper) const override;
    Result<vault::query::Groups> WithSource(std::string_view text, bool is_prefix) const override;
    Result<vault::query::Groups> WithKind(std::string_view text, bool is_prefix) const override;

  private:
    const vault::Segment& segment_;
};

}  // namespace opsteward::logs
