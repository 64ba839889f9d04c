#pragma once

#include <memory>
#include <string>

#include <alcuin/inference/tokenizer.h>

#include "formats/metadata.h"

namespace alcuin::tests {

/// A byte-level vocabulary of a few hundred tokens, made of the words and line ends that the conversations of these
/// tests hold, so that one text can be cut in several ways.
inference::Metadata wordVocabulary();

/// The vocabulary with every special token added that a template spells and it lacks; an answer ends with the token
/// that the template writes behind one.
struct TemplateVocabulary {
    std::shared_ptr<const inference::Tokenizer> tokenizer;
    std::string end; ///< as the template spells it
};
TemplateVocabulary vocabularyFor(const std::string& chatTemplate, inference::Metadata base);

} // namespace alcuin::tests
