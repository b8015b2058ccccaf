package io.keysweep.cli.output;

import io.keysweep.cli.output.Table.Column;
import io.keysweep.cli.shell.TextWidth;
import io.keysweep.engine.text.ForeignText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats entries as lines: an aligned table with headers, or comma-separated values. */
final class TableText {

    private static final String GAP = "  ";

    private TableText() {}

    /**
     * Returns the header and one line for each entry. A column with a number is aligned at the right, all others at the
     * left. Control characters are escaped.
     *
     * @param wide whether to include the columns of the wide table
     */
    static <T> List<String> table(Table<T> table, List<T> entries, boolean wide) {
        List<StringBuilder> lines = new ArrayList<>();
        for (int row = 0; row <= entries.size(); row++) {
            lines.add(new StringBuilder());
        }
        for (Column<T> column : table.columns(wide)) {
            List<String> cells = new ArrayList<>();
            cells.add(column.header());
            // Text from elsewhere must not control the terminal, and its escaped form decides the width.
            entries.forEach(
                    entry -> cells.add(ForeignText.line(Cell.text(column.value().apply(entry)))));
            boolean right = entries.stream()
                    .anyMatch(entry -> Cell.isNumber(column.value().apply(entry)));
            int width = cells.stream().mapToInt(TextWidth::of).max().orElse(0);
            for (int row = 0; row < cells.size(); row++) {
                String cell = cells.get(row);
                String blanks = " ".repeat(width - TextWidth.of(cell));
                lines.get(row).append(right ? blanks + cell : cell + blanks).append(GAP);
            }
        }
        return lines.stream().map(line -> line.toString().stripTrailing()).toList();
    }

    /**
     * Returns a line with the names of all columns in lower case, and then one line of comma-separated values for each
     * entry.
     */
    static <T> List<String> csv(Table<T> table, List<T> entries) {
        List<Column<T>> columns = table.columns(/* wide= */ true);
        List<String> lines = new ArrayList<>();
        lines.add(columns.stream()
                .map(column -> column.header().toLowerCase(Locale.ROOT).replace(' ', '_'))
                .collect(Collectors.joining(",")));
        for (T entry : entries) {
            lines.add(columns.stream()
                    .map(column -> quoted(Cell.raw(column.value().apply(entry))))
                    .collect(Collectors.joining(",")));
        }
        return lines;
    }

    /** Returns the value in quotes if it contains a comma or a quote. Escapes control characters, so it is one line. */
    private static String quoted(String value) {
        String line = ForeignText.line(value);
        return line.contains(",") || line.contains("\"") ? "\"" + line.replace("\"", "\"\"") + "\"" : line;
    }
}
