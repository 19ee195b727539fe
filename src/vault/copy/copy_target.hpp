// Where a copy of the vault lies: a folder, another machine, later a store of objects. It moves bytes and knows nothing of what they mean.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::vault {

/// Names are paths from the copy's own folder on, parted by "/": "segments/00000000000000000000.seg", "checkpoint". Not for use from two threads at a time.
class CopyTarget {
  public:
    struct Entry {
        std::string name;  ///< in its folder
        std::uint64_t bytes = 0;
        bool is_file = true;  ///< a regular one
    };

    virtual ~CopyTarget() = default;

    /// How people write where it is; nothing secret.
    virtual const std::string& address() const = 0;
    /// Makes the folder when there is none; "" is the copy's own. kNotFound when there is no folder above it: then a disk is not mounted, or a name is mistyped.
    virtual Result<void> MakeFolder(std::string_view folder) = 0;
    /// What lies in the folder, in no order; nothing when there is no such folder.
    virtual Result<std::vector<Entry>> List(std::string_view folder) = 0;
    /// As many bytes as there are, up to `length`. kNotFound when there is no such file.
    virtual Result<std::string> Read(std::string_view name, std::uint64_t offset, std::size_t length) = 0;
    /// Writes all of `bytes`, or gives an error; then some may be written. Makes the file when there is none.
    virtual Result<void> Write(std::string_view name, std::uint64_t offset, std::string_view bytes) = 0;
    /// What was written is on the disk, as far as the target can be told to do that; what is read from now on comes from there if it can.
    virtual Result<void> Sync(std::string_view name) = 0;
    /// Gives a file its name, in the place of what has it. Cut short, none may have it; the file is there under one of both names.
    virtual Result<void> Rename(std::string_view from, std::string_view to) = 0;
    virtual Result<void> Remove(std::string_view name) = 0;
};

}  // namespace opsteward::vault
