package io.keysweep.benchmarks.result;

import java.util.ArrayList;
import java.util.List;

/**
 * Formats a table as plain text for benchmark output.
 *
 * <p>The first column is aligned to the left, the others to the right. Not safe to share between threads.
 */
public final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    /** Creates a table without rows; {@code headings} has one text for each column. */
    public TextTable(List<String> headings) {
        rows.add(List.copyOf(headings));
    }

    /** Adds a row, which must have as many cells as there are headings. */
    public void add(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                text.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
