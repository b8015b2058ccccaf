package io.keysweep.server.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads which metrics there are: from a page in the text format of Prometheus, and from {@code docs/metrics.md}. */
final class MetricsPage {

    private static final Path DOCS = Path.of("..", "docs", "metrics.md");

    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z0-9_]+)` \\| ([a-z]+) \\| ([^|]+) \\| ([^|]+) \\| .+ \\|");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z0-9_]+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    private MetricsPage() {}

    /** Describes a metric by its type and the names of its labels. */
    record Metric(String type, Set<String> labels) {}

    /** Returns the metrics of a page, by name. */
    static Map<String, Metric> parse(String page) {
        // A line gives the type of each metric.
        Map<String, Metric> metrics = new TreeMap<>();
        page.lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .forEach(type -> metrics.put(type.group(1), new Metric(type.group(2), new TreeSet<>())));

        // The other lines have the labels. A histogram and a summary have lines with longer names.
        page.lines()
                .filter(line -> !line.startsWith("#"))
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .forEach(sample -> {
                    String name = metrics.containsKey(sample.group(1))
                            ? sample.group(1)
                            : sample.group(1).replaceFirst("_(bucket|count|sum)$", "");
                    String labels = sample.group(2) == null ? "" : sample.group(2);
                    LABEL.matcher(labels)
                            .results()
                            .map(label -> label.group(1))
                            .filter(label -> !Set.of("le", "quantile").contains(label))
                            .forEach(Objects.requireNonNull(metrics.get(name), name)
                                    .labels()::add);
                });
        return metrics;
    }

    /**
     * Returns the metrics that the documentation lists, by name.
     *
     * @param section title of the part to read
     */
    static Map<String, Metric> documented(String section) throws IOException {
        String text = Files.readString(DOCS);

        // A section ends at the next title.
        String[] parts = text.split("\n# |\n## ", -1);
        String part = Arrays.stream(parts)
                .filter(candidate -> candidate.startsWith(section + "\n"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no section " + section + " in " + DOCS));

        return part.lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> new Metric(row.group(2), labels(row.group(4))),
                        (first, second) -> {
                            throw new IllegalStateException("a metric is listed twice");
                        },
                        TreeMap::new));
    }

    private static Set<String> labels(String cell) {
        return Arrays.stream(cell.strip().split(",\\s*"))
                .filter(label -> !label.equals("–"))
                .map(label -> label.replace("`", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
