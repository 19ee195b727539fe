// The tree over the records, made anew, held against its stored upper hashes on the way.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "verifier/frontier.hpp"
#include "verifier/tree_files.hpp"

namespace opsteward::verifier {

class Tree {
  public:
    /// `sizes`: at which roots are wanted.
    Tree(TreeFiles& files, std::set<std::uint64_t> sizes) : files_(files), sizes_(std::move(sizes)) { TakeRoots(); }

    void AddLeaf(const Node& leaf) { Add(leaf, 0); }
    /// The root of the next kGroup leaves. Precondition: can_add_group().
    void AddGroup(const Node& root);
    /// The root of the next 2^level leaves, which are not there any more: what the files have of hashes below it is held against it. Precondition: size() is a
    /// multiple of 2^level. No roots are taken inside it.
    void AddGone(const Hash& root, unsigned level);
    /// Whether a group may be added whole: one begins here, and no root is wanted inside it.
    bool can_add_group() const;

    std::uint64_t size() const { return own_.size(); }
    Node Root();

    /// A tree's root in two ways. `stored` takes the stored hash for a group wherever there is one: if it is the signed root and `own` is not, then
    /// the records that differ from it lie in the groups whose own hash is another than the stored one, and nowhere else.
    struct Roots {
        Node own;
        Node stored;
    };
    const std::map<std::uint64_t, Roots>& roots() const { return roots_; }

    /// A complete subtree whose own hash is unknown, or another than what its file says.
    struct Difference {
        unsigned level = 0;
        std::uint64_t index = 0;
        bool is_known = false;  ///< the own hash

        std::uint64_t first() const { return index << level; }
        std::uint64_t end() const { return (index + 1) << level; }
    };
    const std::vector<Difference>& differences() const { return differences_; }
    /// First stored hashes of levels that do not make the hash that was kept of deleted records.
    const std::vector<Difference>& gone_differences() const { return gone_differences_; }

  private:
    void Add(const Node& subtree, unsigned level);
    void CompareBelow(const Hash& root, unsigned level);
    void Compare(unsigned level, std::uint64_t index, const Node& own);
    void TakeRoots();

    TreeFiles& files_;
    std::set<std::uint64_t> sizes_;
    Sha256 sha256_;
    Frontier own_;
    Frontier stored_;  ///< of groups
    std::map<std::uint64_t, Roots> roots_;
    std::vector<Difference> differences_;
    std::vector<Difference> gone_differences_;
};

}  // namespace opsteward::verifier
