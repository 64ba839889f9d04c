#include "cli/scratch_directory.h"

#include <cstdlib>
#include <string>
#include <system_error>

namespace alcuin::cli {

Outcome<ScratchDirectory> ScratchDirectory::create(const std::filesystem::path& parent) {
    std::error_code error;
    const auto below = parent.empty() ? std::filesystem::temp_directory_path(error) : parent;
    std::string name = (below / "alcuin-bench-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
        return failure(fmt::format("No directory for temporary files could be made in {}.", below.string()));
    }
    return ScratchDirectory(name);
}

ScratchDirectory::~ScratchDirectory() {
    if (!m_path.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
}

} // namespace alcuin::cli
