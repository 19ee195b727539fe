// Whether a vault is whole, unaltered, and as its checkpoints say.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "verifier/note.hpp"
#include "verifier/record_pass.hpp"
#include "verifier/report.hpp"

namespace opsteward::verifier {

/// A checkpoint that was kept somewhere else: by a witness, off site, on paper.
struct KeptCheckpoint {
    std::string file;  ///< as it is to be named
    std::string note;
};

struct VaultQuestion {
    std::filesystem::path folder;
    PublicKey key;
    std::vector<KeptCheckpoint> kept = {};
    unsigned threads = 1;
    OnProgress on_progress = {};
};

/// CannotCheck when there is no vault, or a file can't be read. Checks beside a running server as well, up to the checkpoint of the moment.
VaultReport CheckVault(const VaultQuestion& question);

}  // namespace opsteward::verifier
