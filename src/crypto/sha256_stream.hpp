// SHA-256 over many short messages: one context is used again for each, as making a new one costs as much as a short message does.
#pragma once

#include <memory>
#include <string_view>

#include "crypto/crypto.hpp"

namespace opsteward::crypto {

/// Not for use from two threads at a time.
class Sha256Stream {
  public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;

    /// Begins a new message; what was not finished is forgotten.
    void Begin();
    void Add(std::string_view bytes);
    Digest Finish();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace opsteward::crypto
