#include <fmt/format.h>

#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/spdx.hpp"

namespace opsteward::scans {

Result<void> ReadSpdxJson(JsonValue root, ReportBuilder& report) {
    const std::string_view version = StringOf(root, "spdxVersion");
    if (!version.starts_with("SPDX-2.")) {
        return Error::Of(ErrorCode::kInvalidInput, "只能讀取 SPDX 2.x 的文件。", "Only SPDX documents of version 2.x are read.");
    }
    SpdxBuilder builder(report);
    const auto creation = MemberOf(root, "creationInfo");
    OPS_CHECK(builder.Begin(StringOf(root, "name"), StringOf(creation, "created")));
    for (const JsonValue creator : ElementsOf(creation, "creators")) builder.AddCreator(StringOf(creator));
    std::size_t number = 0;
    for (const JsonValue node : ElementsOf(root, "packages")) {
        SpdxPackage package;
        package.name = StringOf(node, "name");
        package.version = StringOf(node, "versionInfo");
        package.place = fmt::format("packages[{}]", number++);
        for (const JsonValue reference : ElementsOf(node, "externalRefs")) {
            package.AddReference({std::string(StringOf(reference, "referenceCategory")), std::string(StringOf(reference, "referenceType")),
                                  std::string(StringOf(reference, "referenceLocator")), std::string(StringOf(reference, "comment"))});
        }
        OPS_CHECK(builder.Add(package));
    }
    return Ok();
}

}  // namespace opsteward::scans
