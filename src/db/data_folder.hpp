// The data folder: made with mode 0700, held by one process at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"

namespace opsteward::db {

/// Holds DIR/lock (flock) until destroyed. The kernel lets go of it when the process dies, however it dies.
class DataFolderLock {
  public:
    /// kConflict when another process holds it, naming its process id.
    static Result<std::unique_ptr<DataFolderLock>> Acquire(const std::filesystem::path& folder);
    ~DataFolderLock();
    DataFolderLock(const DataFolderLock&) = delete;
    DataFolderLock& operator=(const DataFolderLock&) = delete;

  private:
    explicit DataFolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

/// Makes the folder (and parents) if missing, mode 0700. Refuses a path that is a file or can't be written, saying so.
Result<void> PrepareDataFolder(const std::filesystem::path& folder);

}  // namespace opsteward::db
