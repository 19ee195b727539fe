#include "features/vulnerabilities/vans/table.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include <fmt/format.h>

#include <memory>
#include <pugixml.hpp>

#include "features/vulnerabilities/vans/collector.hpp"

namespace opsteward::vans {
namespace {

/// Products with these names on one machine.
Inventory WithNames(const std::vector<std::string>& names) {
    Inventory inventory;
    inventory.machines.push_back({"2.16.886.101", "測試局", "DEFAULT", "id"});
    for (const std::string& name : names) {
        inventory.installed.push_back({0, static_cast<std::uint32_t>(inventory.products.size())});
        inventory.products.push_back({name, "v", "1", "N/A", "N/A", false, 1});
    }
    return inventory;
}

std::string Csv(const Inventory& inventory, const std::vector<Column>& columns) {
    std::string text;
    EXPECT_TRUE(WriteCsv(inventory, columns, [&text](std::string_view bytes) {
                    text += bytes;
                    return Ok();
                }).ok());
    return text;
}

TEST(Csv, HasAByteOrderMarkAndTheFieldsOfTheUpload) {
    EXPECT_EQ(Csv(WithNames({"Edge"}), DefaultColumns()),
              "\xEF\xBB\xBFoid,orgName,identifier,assetGroupCode,assetName,brand,version,cpe,cpeName\r\n"
              "2.16.886.101,測試局,id,DEFAULT,Edge,v,1,N/A,N/A\r\n");
}

TEST(Csv, QuotesAsRfc4180DoesAndHasNoFormulas) {
    const std::vector<Column> columns{{Field::kAssetName, "name"}, {Field::kCategory, "=kind"}};
    EXPECT_EQ(Csv(WithNames({"a,b", "say \"x\"", "=1+1", "+1", "-1", "@scope/name", "'quoted", "a=b", "=1,\"2\""}), columns),
              "\xEF\xBB\xBFname,'=kind\r\n\"a,b\",software\r\n\"say \"\"x\"\"\",software\r\n'=1+1,software\r\n'+1,software\r\n'-1,software\r\n"
              "'@scope/name,software\r\n''quoted,software\r\na=b,software\r\n\"'=1,\"\"2\"\"\",software\r\n");
}

TEST(Columns, CanBeChosenAndNamed) {
    const auto columns = ParseColumns("oid=機關OID, assetName ,category=類別");
    ASSERT_TRUE(columns.ok());
    ASSERT_EQ(columns->size(), 3U);
    EXPECT_EQ((*columns)[0].title, "機關OID");
    EXPECT_EQ((*columns)[1].title, "assetName");
    EXPECT_EQ((*columns)[2].field, Field::kCategory);
    for (const char* text : {"", "nothing", "oid=", "oid,", "=x", "oid=\xFF"}) EXPECT_FALSE(ParseColumns(text).ok()) << text;
}

std::string Ods(const Inventory& inventory, const std::vector<Column>& columns) {
    std::string bytes;
    const auto rows = WriteOds(inventory, columns, [&bytes](std::string_view piece) {
        bytes += piece;
        return Ok();
    });
    EXPECT_TRUE(rows.ok()) << (rows.ok() ? "" : rows.error().operator_text);
    return bytes;
}

/// The bytes of an entry of a package.
std::string Entry(const std::string& package, const char* name) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(package.data(), package.size(), 0, &error);
    const std::unique_ptr<zip_t, decltype(&zip_discard)> archive(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error), zip_discard);
    if (archive == nullptr) {
        ADD_FAILURE() << zip_error_strerror(&error);
        return {};
    }
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen(archive.get(), name, 0), zip_fclose);
    std::string bytes;
    std::vector<char> buffer(65536);
    while (file != nullptr) {
        const zip_int64_t count = zip_fread(file.get(), buffer.data(), buffer.size());
        if (count <= 0) break;
        bytes.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return bytes;
}

/// The text of a cell as OpenDocument reads it.
std::string CellText(const pugi::xml_node& paragraph) {
    std::string text;
    for (const pugi::xml_node child : paragraph.children()) text += child.type() == pugi::node_pcdata ? child.value() : " ";
    return text;
}

TEST(Ods, BeginsWithItsTypeWhichIsNotPacked) {
    const std::string bytes = Ods(WithNames({"a"}), DefaultColumns());
    EXPECT_EQ(bytes.substr(0, 4), "PK\x03\x04");
    EXPECT_EQ(bytes.substr(6, 2), std::string_view("\0\0", 2)) << "no flags";
    EXPECT_EQ(bytes.substr(28, 2), std::string_view("\0\0", 2)) << "no extra field";
    EXPECT_EQ(bytes.substr(30, 8 + 46), "mimetypeapplication/vnd.oasis.opendocument.spreadsheet");
    EXPECT_NE(Entry(bytes, "META-INF/manifest.xml").find("content.xml"), std::string::npos);
    EXPECT_EQ(bytes, Ods(WithNames({"a"}), DefaultColumns())) << "the same each time";
}

TEST(Ods, HoldsEveryValueAsAText) {
    const std::vector<std::string> names{"a  b   c", "<x> & \"y\"", "=1+1", "@scope/name", "0012", "測試"};
    const std::string content = Entry(Ods(WithNames(names), {{Field::kAssetName, "名稱 <1>"}}), "content.xml");
    pugi::xml_document document;
    ASSERT_TRUE(document.load_buffer(content.data(), content.size(), pugi::parse_default | pugi::parse_ws_pcdata));
    const auto rows = document.select_nodes("//table:table-row/table:table-cell[@office:value-type='string']/text:p");
    ASSERT_EQ(rows.size(), names.size() + 1);
    EXPECT_EQ(CellText(rows[0].node()), "名稱 <1>");
    for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(CellText(rows[i + 1].node()), names[i]);
}

TEST(Ods, IsMadePieceByPiece) {
    std::vector<std::string> names;
    for (int i = 0; i < 20'000; ++i) names.push_back(fmt::format("name {}", i));
    const std::string content = Entry(Ods(WithNames(names), DefaultColumns()), "content.xml");
    pugi::xml_document document;
    ASSERT_TRUE(document.load_buffer(content.data(), content.size()));
    EXPECT_EQ(document.select_nodes("//table:table-row").size(), names.size() + 1);
}

TEST(Ods, MoreRowsThanASheetHoldsAreRefused) {
    Inventory inventory = WithNames({"a"});
    inventory.installed.resize(kMaxSheetRows, {0, 0});
    const auto rows = WriteOds(inventory, DefaultColumns(), [](std::string_view) { return Ok(); });
    ASSERT_FALSE(rows.ok());
    EXPECT_EQ(rows.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace opsteward::vans
