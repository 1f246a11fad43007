/// A plan as a Graphviz graph: stages and images as boxes, an arrow for every taking.

#include <map>
#include <set>

#include "strata/base/text.hpp"
#include "strata/plan/print.hpp"

namespace strata::plan {

namespace {

/// Collects boxes and arrows; each is drawn once.
class Graph {
 public:
  explicit Graph(const Plan& plan) : plan_(plan) {}

  void add(std::size_t index) {
    const Stage& stage = plan_.stages[index];
    std::string label = stage.label();
    for (const auto& step : stage.steps) label += cat("\n", step.text);
    boxes_ += cat("  ", stage_box(index), " [label=", escaped(label),
                  index == plan_.target ? ", penwidth=2" : "", "];\n");
    add_base(index, stage.base);
    for (const auto& step : stage.steps) {
      for (const Origin* origin : origins_of(step.operation)) add_origin(index, *origin);
    }
  }

  std::string text() const {
    std::string out = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n" + boxes_;
    for (const auto& arrow : arrows_) out += arrow;
    return out + "}\n";
  }

 private:
  static std::string stage_box(std::size_t index) { return cat("stage_", index); }

  /// In double quotes; lines end left-justified.
  static std::string escaped(std::string_view text) {
    std::string out = "\"";
    for (const char character : text) {
      if (character == '\n') {
        out += "\\l";
      } else if (character == '"' || character == '\\') {
        out += cat('\\', character);
      } else {
        out += character;
      }
    }
    return out + '"';
  }

  std::string image_box(const std::string& name) {
    const auto [entry, is_new] = images_.emplace(name, cat("image_", images_.size()));
    if (is_new)
      boxes_ += cat("  ", entry->second, " [label=", escaped(name), ", shape=ellipse];\n");
    return entry->second;
  }

  void add_base(std::size_t index, const Base& base) {
    if (const auto* image = std::get_if<BaseImage>(&base)) {
      arrow(image_box(image->name), index, "");
    } else if (const auto* stage = std::get_if<BaseStage>(&base)) {
      arrow(stage_box(stage->stage), index, "");
    }
  }

  void add_origin(std::size_t index, const Origin& origin) {
    constexpr std::string_view style = " [style=dashed]";
    if (const auto* image = std::get_if<FromImage>(&origin)) {
      arrow(image_box(image->name), index, style);
    } else if (const auto* stage = std::get_if<FromStage>(&origin)) {
      arrow(stage_box(stage->stage), index, style);
    }
  }

  void arrow(const std::string& from, std::size_t to, std::string_view style) {
    arrows_.insert(cat("  ", from, " -> ", stage_box(to), style, ";\n"));
  }

  const Plan& plan_;
  std::string boxes_;
  std::map<std::string, std::string> images_;
  std::set<std::string> arrows_;
};

}  // namespace

std::string to_dot(const Plan& plan) {
  Graph graph(plan);
  for (std::size_t index = 0; index < plan.stages.size(); ++index) graph.add(index);
  return graph.text();
}

}  // namespace strata::plan
