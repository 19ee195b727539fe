#include "features/vulnerabilities/feed/nvd_configuration.hpp"

#include <algorithm>
#include <iterator>

namespace opsteward::vuln {

namespace {

struct NodeTree {
    Node node;
    std::vector<NodeTree> children;
};

void ReadOperator(Json value, bool& needs_all, std::uint64_t& odd) {
    const auto text = AsText(value, odd);
    if (!text) return;
    needs_all = *text == "AND";
    if (!needs_all && *text != "OR") ++odd;
}

/// False when there is no match string.
bool ReadCriterion(Json value, Criterion& criterion, std::uint64_t& odd) {
    bool has_start = false;
    bool has_end = false;
    // Of two ends of one side, the one that takes in more.
    const auto bound = [&](Json text, std::string& into, bool& excludes, bool& has, bool is_excluding) {
        if (has) ++odd;
        if (has && is_excluding) return;
        TakeText(text, into, odd);
        excludes = is_excluding;
        has = true;
    };
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "criteria") {
            TakeText(member, criterion.cpe, odd);
        } else if (key == "vulnerable") {
            TakeFlag(member, criterion.is_vulnerable, odd);
        } else if (key == "versionStartIncluding") {
            bound(member, criterion.start, criterion.excludes_start, has_start, false);
        } else if (key == "versionStartExcluding") {
            bound(member, criterion.start, criterion.excludes_start, has_start, true);
        } else if (key == "versionEndIncluding") {
            bound(member, criterion.end, criterion.excludes_end, has_end, false);
        } else if (key == "versionEndExcluding") {
            bound(member, criterion.end, criterion.excludes_end, has_end, true);
        }
    });
    return !criterion.cpe.empty();
}

void ReadNode(Json value, NodeTree& tree, std::uint64_t& odd) {
    bool lacks_some = false;
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "operator") {
            ReadOperator(member, tree.node.needs_all, odd);
        } else if (key == "negate") {
            TakeFlag(member, tree.node.is_negated, odd);
        } else if (key == "cpeMatch") {
            ForElements(member, odd, [&](Json element) {
                Criterion criterion;
                if (ReadCriterion(element, criterion, odd)) {
                    tree.node.criteria.push_back(std::move(criterion));
                } else {
                    ++odd;
                    lacks_some = true;
                }
            });
        } else if (key == "children") {
            ForElements(member, odd, [&](Json element) { ReadNode(element, tree.children.emplace_back(), odd); });
        }
    });
    if (lacks_some && tree.node.needs_all) tree.node.criteria.clear();
}

/// Children that are joined as their parent joins them are criteria of the parent.
void MergeAlike(NodeTree& tree) {
    for (NodeTree& child : tree.children) MergeAlike(child);
    const bool are_alike = std::ranges::all_of(tree.children, [&](const NodeTree& child) {
        return child.children.empty() && !child.node.is_negated && !child.node.criteria.empty() &&
               (child.node.needs_all == tree.node.needs_all || child.node.criteria.size() == 1);
    });
    if (!are_alike) return;
    for (NodeTree& child : tree.children) std::ranges::move(child.node.criteria, std::back_inserter(tree.node.criteria));
    tree.children.clear();
}

bool HasLeavesAlone(const NodeTree& tree) {
    return std::ranges::all_of(tree.children, [](const NodeTree& child) { return child.children.empty(); });
}

/// A node with children that have none is a configuration of them, and of its own criteria.
Configuration ConfigurationOf(NodeTree&& tree, Origin origin) {
    Configuration configuration{origin, tree.node.needs_all, tree.node.is_negated, {}};
    tree.node.is_negated = false;
    if (!tree.node.criteria.empty()) configuration.nodes.push_back(std::move(tree.node));
    for (NodeTree& child : tree.children) configuration.nodes.push_back(std::move(child.node));
    return configuration;
}

}  // namespace

void ReadConfiguration(Json value, Origin origin, std::vector<Configuration>& into, std::uint64_t& odd) {
    Configuration configuration;
    configuration.origin = origin;
    std::vector<NodeTree> trees;
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "operator") {
            ReadOperator(member, configuration.needs_all, odd);
        } else if (key == "negate") {
            TakeFlag(member, configuration.is_negated, odd);
        } else if (key == "nodes") {
            ForElements(member, odd, [&](Json element) { ReadNode(element, trees.emplace_back(), odd); });
        }
    });
    for (NodeTree& tree : trees) {
        MergeAlike(tree);
        const bool stands_alone = !configuration.is_negated && (!configuration.needs_all || trees.size() == 1);
        if (tree.children.empty()) {
            configuration.nodes.push_back(std::move(tree.node));
        } else if (stands_alone && HasLeavesAlone(tree)) {
            into.push_back(ConfigurationOf(std::move(tree), origin));
        } else {
            ++odd;
            configuration.nodes.emplace_back();
        }
    }
    if (!configuration.nodes.empty()) into.push_back(std::move(configuration));
}

}  // namespace opsteward::vuln
