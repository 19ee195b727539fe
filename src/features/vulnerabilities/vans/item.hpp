// What is told to VANS (資通安全弱點通報機制): which product is installed on which machine. Both generations of the upload and the tables for people are
// written from this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::vans {

/// What VANS takes for "there is none"; no field may be empty.
inline constexpr std::string_view kNotAvailable = "N/A";

/// No member is empty, and none holds control characters.
struct Product {
    std::string name;
    std::string vendor;     ///< "N/A" where the inventory does not know it
    std::string version;    ///< likewise, of an operating system that is told as one text
    std::string cpe;        ///< formatted string of CPE 2.3 in canonical form, or "N/A"
    std::string cpe_title;  ///< the product's title as people read it; "N/A" without a CPE name
    bool is_hardware = false;
    std::size_t first_line = 0;  ///< of the inventory

    bool has_cpe() const { return cpe != kNotAvailable; }
};

struct Machine {
    std::string oid;          ///< of the agency: dotted numbers
    std::string org_name;     ///< its name
    std::string group;        ///< code of the asset group, which must exist in VANS
    std::string identifier;   ///< digest of the asset's permanent id
};

struct Installed {
    std::uint32_t machine = 0;  ///< place in Inventory::machines
    std::uint32_t product = 0;  ///< place in Inventory::products
};

/// Nothing is there twice: no product twice on the machine of one agency and identifier, no two products of the same name, vendor, version and CPE name.
struct Inventory {
    std::vector<Machine> machines;
    std::vector<Product> products;
    std::vector<Installed> installed;  ///< in the order of the inventory
    std::size_t duplicates = 0;        ///< how many were there again and were left out
};

}  // namespace opsteward::vans
