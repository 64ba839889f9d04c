#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "state/snapshot_store.h"
#include "tensor/kv_format.h"

namespace alcuin::tests {

using inference::ChainKey;
using inference::SnapshotStore;
using inference::Token;

inline const ChainKey kRoot = inference::chainRoot({7, {}, "layout", "numerics"});

/// Tokens seed, seed + 1, ...
inline std::vector<Token> numbered(std::size_t count, Token first = 0) {
    std::vector<Token> tokens(count);
    std::iota(tokens.begin(), tokens.end(), first);
    return tokens;
}

/// The pages that a text leaves behind, with bytes that follow from a page's key: who reads a page knows what must be
/// in it.
struct Chain {
    std::vector<Token> tokens;
    std::deque<std::vector<std::byte>> bytes;
    std::vector<SnapshotStore::PageRecord> records;

    /// `prefilled`: so many tokens were written by prefill rows, and the pages that hold others weren't.
    Chain(std::vector<Token> text, std::size_t pageBytes, std::size_t prefilled = ~std::size_t{0},
          ChainKey root = kRoot)
        : tokens(std::move(text)) {
        ChainKey parent = root;
        for (std::size_t at = 0; at < tokens.size(); at += inference::kPageTokens) {
            const auto held =
                std::span<const Token>(tokens).subspan(at, std::min(inference::kPageTokens, tokens.size() - at));
            const bool allPrefilled = at + held.size() <= prefilled;
            const ChainKey key = inference::chainNext(parent, held, allPrefilled);
            bytes.push_back(bytesOf(key, pageBytes));
            records.push_back({key, parent, allPrefilled, held, bytes.back()});
            parent = key;
        }
    }
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;

    static std::vector<std::byte> bytesOf(const ChainKey& key, std::size_t pageBytes) {
        std::vector<std::byte> page(pageBytes);
        std::uint64_t state = key.low;
        for (std::byte& byte : page) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            byte = static_cast<std::byte>(state >> 56U);
        }
        return page;
    }
};

/// Reads a whole plan; the tokens of the leading good pages, or nothing if one of them isn't what was written.
inline std::optional<std::size_t> readBack(SnapshotStore& store, const SnapshotStore::Restore& restore,
                                           std::size_t pageBytes, std::size_t first = 0) {
    const std::size_t count = restore.pages.size() - std::min(first, restore.pages.size());
    std::vector<std::vector<std::byte>> memory(count, std::vector<std::byte>(pageBytes, std::byte{0xee}));
    std::vector<unsigned char*> pages;
    for (auto& page : memory) {
        pages.push_back(reinterpret_cast<unsigned char*>(page.data()));
    }
    const std::size_t good = store.read(restore, first, pages);
    std::size_t tokens = 0;
    for (std::size_t i = 0; i < good; ++i) {
        if (memory[i] != Chain::bytesOf(restore.pages[first + i].key, pageBytes)) {
            return std::nullopt;
        }
        tokens += restore.pages[first + i].tokens;
    }
    return tokens;
}

inline std::string contentsOf(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Puts another file in its place.
inline void overwrite(const std::filesystem::path& path, const std::string& contents) {
    std::filesystem::remove(path); // some file systems bring a file that was emptied to the disk when it is closed
    std::ofstream(path, std::ios::binary) << contents;
}

/// The one file in a directory.
inline std::filesystem::path onlyFile(const std::filesystem::path& directory) {
    return std::filesystem::directory_iterator(directory)->path();
}

inline std::uint64_t plentyOfDisk() {
    return std::uint64_t{1} << 50;
}

inline std::shared_ptr<SnapshotStore> openStore(const std::filesystem::path& directory,
                                                std::uint64_t maxBytes = std::uint64_t{1} << 30) {
    return SnapshotStore::open(directory, maxBytes, plentyOfDisk).value_or(nullptr);
}

} // namespace alcuin::tests
