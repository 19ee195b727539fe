// A rule base as products of one family each, with an index over them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "features/firewall/analysis/product_index.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// What a rule may do to a packet: by its action, and by whether it has unknown parts.
enum RuleClass : std::uint8_t { kCertainDeny = 1, kCertainAccept = 2, kUncertainDeny = 4, kUncertainAccept = 8 };
inline constexpr std::uint8_t kCertain = kCertainDeny | kCertainAccept;
inline constexpr std::uint8_t kUncertain = kUncertainDeny | kUncertainAccept;
inline constexpr std::uint8_t kAccepting = kCertainAccept | kUncertainAccept;
inline constexpr std::uint8_t kDenying = kCertainDeny | kUncertainDeny;
RuleClass ClassOf(const Rule& rule);
/// The classes whose action has the other outcome.
constexpr std::uint8_t OpposedTo(Action action) { return LetsThrough(action) ? kDenying : kAccepting; }

inline constexpr std::uint32_t kNoRule = 0xFFFF'FFFF;

/// Which rules count in a question.
struct Blockers {
    std::uint32_t below = kNoRule;  ///< rules before this one
    std::uint8_t classes = kCertain;
    std::uint32_t except = kNoRule;  ///< but not this one
};

/// The active rules' products of one family, in the order of the rules.
class FamilyRules {
  public:
    /// `also`: what else will be asked. The rules' own traffic is passed over where a rule is not active, but may be asked.
    FamilyRules(Family family, const RuleBase& base, std::span<const Traffic* const> also);
    FamilyRules(const FamilyRules&) = delete;
    FamilyRules& operator=(const FamilyRules&) = delete;

    const PacketSpace& space() const { return space_; }
    std::span<const Product> products() const { return products_; }
    const ProductIndex& index() const { return index_; }
    std::uint32_t RuleOf(std::uint32_t product) const { return rules_[product]; }
    RuleClass ClassOf(std::uint32_t product) const { return classes_[product]; }
    /// Whether the product is of a rule that counts, but for `below`.
    bool Counts(std::uint32_t product, const Blockers& blockers) const {
        return (classes_[product] & blockers.classes) != 0 && rules_[product] != blockers.except;
    }
    /// The classes that there are.
    std::uint8_t classes() const { return all_classes_; }
    std::size_t rules() const { return first_products_.size() - 1; }
    /// The numbers of its products: from the first to before the second.
    std::pair<std::uint32_t, std::uint32_t> NumbersOf(std::uint32_t rule) const { return {first_products_[rule], first_products_[rule + 1]}; }
    std::span<const Product> ProductsOf(std::uint32_t rule) const {
        return std::span(products_).subspan(first_products_[rule], first_products_[rule + 1] - first_products_[rule]);
    }
    std::uint32_t FirstProductOf(std::uint32_t rule) const { return rule >= rules() ? static_cast<std::uint32_t>(products_.size()) : first_products_[rule]; }

  private:
    PacketSpace space_;
    IntervalStore store_;
    std::vector<Product> products_;
    std::vector<std::uint32_t> rules_;
    std::vector<RuleClass> classes_;
    std::vector<std::uint32_t> first_products_;
    std::uint8_t all_classes_ = 0;
    ProductIndex index_;
};

/// Both families. The rule base must outlive it.
class CompiledRules {
  public:
    explicit CompiledRules(const RuleBase& base, std::span<const Traffic* const> also = {})
        : base_(&base), ipv4_(Family::kIpv4, base, also), ipv6_(Family::kIpv6, base, also) {}

    const RuleBase& base() const { return *base_; }
    const FamilyRules& Of(Family family) const { return family == Family::kIpv4 ? ipv4_ : ipv6_; }

  private:
    const RuleBase* base_;
    FamilyRules ipv4_;
    FamilyRules ipv6_;
};

}  // namespace opsteward::firewall
