#include "cli/text_input.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace alcuin::cli {

Outcome<std::string> readInput(const std::filesystem::path& path) {
    const bool standardInput = path == "-";
    const int file = standardInput ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const auto name = standardInput ? std::string("Standard input") : path.string();
    if (file < 0) {
        return failure(fmt::format("{} couldn't be opened: {}. Check its name and whether you may read it.", name,
                                   std::strerror(errno)));
    }
    std::string text;
    std::array<char, 1U << 16U> buffer{};
    ssize_t count = 0;
    int problem = 0;
    do {
        count = ::read(file, buffer.data(), buffer.size());
        if (count > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (count < 0 && errno != EINTR) {
            problem = errno;
        }
    } while (count > 0 || (count < 0 && problem == 0));
    if (!standardInput) {
        ::close(file);
    }
    if (problem != 0) {
        return failure(fmt::format("{} couldn't be read: {}.", name, std::strerror(problem)));
    }
    return text;
}

} // namespace alcuin::cli
