// Boards for pages, and what pages make of them, remembered while a board stays the same. Everything here is thread-safe.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::console::compliance {

using BoardPointer = std::shared_ptr<const procedure::Board>;

/// How many findings that are not met each clause of a board has in each unit; clauses in the order of the board.
using UnmetFindings = std::vector<std::map<std::int64_t, std::size_t>>;

class BoardSource {
  public:
    explicit BoardSource(const procedure::Procedure& procedure) : procedure_(procedure) {}

    /// `units` is not empty. Times long past are remembered here, as nothing can change them any more.
    Result<BoardPointer> For(const std::set<std::int64_t>& units, std::optional<Instant> as_of, Instant now);
    std::shared_ptr<const UnmetFindings> UnmetOf(const BoardPointer& board);

  private:
    struct Past {
        Instant as_of;
        std::set<std::int64_t> units;
        std::shared_ptr<const procedure::Pack> pack;
        BoardPointer board;
    };
    struct Counted {
        BoardPointer board;
        std::shared_ptr<const UnmetFindings> counts;
    };

    const procedure::Procedure& procedure_;
    Mutex mutex_;
    std::list<Past> past_ OPS_GUARDED_BY(mutex_);        ///< the latest asked for first
    std::list<Counted> counted_ OPS_GUARDED_BY(mutex_);  ///< the same
};

/// Texts made from boards: the same filter on the same board is rendered once.
class Fragments {
  public:
    using Maker = std::function<Result<std::string>()>;
    /// The text under `key` (language, filter …) for this very board, or what `make` gives. Made anew after a minute, as it may hold
    /// names that others change. Only one caller at a time makes a text: others wait for a first one, and take the old one while it
    /// is made anew, so that many readers at once cost no more than one.
    Result<std::shared_ptr<const std::string>> Get(const BoardPointer& board, std::string_view key, Instant now, const Maker& make);

  private:
    struct Entry {
        BoardPointer board;  ///< held, so that no other board comes to the same address
        std::string key;
        Instant made_at;
        std::shared_ptr<const std::string> text;
    };

    struct Found {
        std::shared_ptr<const std::string> text;  ///< null: not there
        bool is_due = false;                      ///< this caller, and no other, is to make it anew
    };

    std::list<Entry>::iterator Place(const BoardPointer& board, std::string_view key) OPS_REQUIRES(mutex_);
    Found Find(const BoardPointer& board, std::string_view key, Instant now);
    Result<std::shared_ptr<const std::string>> Make(const BoardPointer& board, std::string_view key, Instant now, const Maker& make);
    void Keep(Entry entry);

    Mutex making_;  ///< held while a text is made for the first time; taken before mutex_
    Mutex mutex_;
    std::list<Entry> entries_ OPS_GUARDED_BY(mutex_);  ///< the latest asked for first
    std::size_t bytes_ OPS_GUARDED_BY(mutex_) = 0;
};

}  // namespace opsteward::console::compliance
