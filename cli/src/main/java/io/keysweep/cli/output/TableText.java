package io.keysweep.cli.output;

import io.keysweep.api.text.CsvLine;
import io.keysweep.cli.output.Table.Column;
import io.keysweep.cli.shell.TextWidth;
import io.keysweep.engine.text.ForeignText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats entries as lines: an aligned table with headers, or comma-separated values. */
public final class TableText {

    private static final String GAP = "  ";

    private TableText() {}

    /**
     * Returns the header and one line for each entry. A column with a number is aligned at the right, all others at the
     * left. Control characters are escaped.
     *
     * @param wide whether to include the columns of the wide table
     */
    public static <T> List<String> table(Table<T> table, List<T> entries, boolean wide) {
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
        lines.add(CsvLine.of(columns.stream()
                .map(column -> column.header().toLowerCase(Locale.ROOT).replace(' ', '_'))
                .toList()));
        for (T entry : entries) {
            lines.add(CsvLine.of(columns.stream()
                    .map(column -> csvValue(column.value().apply(entry)))
                    .toList()));
        }
        return lines;
    }

    /** Returns a number as it is, and any other value as text. Escapes control characters, so the text is one line. */
    private static Object csvValue(@Nullable Object value) {
        return switch (value) {
            case Number number -> number;
            case Fraction fraction -> fraction.value();
            case null, default -> ForeignText.line(Cell.raw(value));
        };
    }
}
