// The route that gives the OpenAPI document (made by OpenApiDocument in gate.hpp).
#pragma once

#include <memory>
#include <string>

#include "platform/web/route.hpp"

namespace opsteward::web {

/// GET /api/v1/openapi.json. The document describes this route too, so it is filled in after all routes are known, and before the
/// first request.
Route OpenApiRoute(std::shared_ptr<const std::string> document);

}  // namespace opsteward::web
