package io.keysweep.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes how entries of one type are shown in a list: their columns, names and ids, and the text for an empty list.
 *
 * <p>The type of a column's values decides how they look, see {@link Cell}. {@link #column} and {@link #wide} change
 * the table and return it, so that a table can be written as one expression.
 *
 * @param <T> type of the entries
 */
public final class Table<T> {

    private final String empty;
    private final Function<T, String> name;
    private final Function<T, String> id;
    private final List<Column<T>> columns = new ArrayList<>();

    /**
     * Describes a column.
     *
     * @param header name of the column in capital letters
     * @param wide whether only the wide table and CSV have the column
     * @param value returns the value of an entry in this column; null if it has none
     */
    record Column<T>(String header, boolean wide, Function<T, @Nullable Object> value) {}

    private Table(String empty, Function<T, String> name, Function<T, String> id) {
        this.empty = empty;
        this.name = name;
        this.id = id;
    }

    /**
     * Creates a table without columns.
     *
     * @param empty text that the user reads instead of an empty table
     * @param name name of an entry, by which commands accept it; its id if it has no name
     * @param id id of an entry
     */
    public static <T> Table<T> of(String empty, Function<T, String> name, Function<T, String> id) {
        return new Table<>(empty, name, id);
    }

    /** Adds a column at the right. */
    public Table<T> column(String header, Function<T, @Nullable Object> value) {
        columns.add(new Column<>(header, /* wide= */ false, value));
        return this;
    }

    /** Adds a column at the right that only the wide table and CSV have. */
    public Table<T> wide(String header, Function<T, @Nullable Object> value) {
        columns.add(new Column<>(header, /* wide= */ true, value));
        return this;
    }

    /** Returns a copy of the table with another text for an empty list. */
    public Table<T> withEmpty(String otherEmpty) {
        Table<T> copy = new Table<>(otherEmpty, name, id);
        copy.columns.addAll(columns);
        return copy;
    }

    String empty() {
        return empty;
    }

    String name(T entry) {
        return name.apply(entry);
    }

    String id(T entry) {
        return id.apply(entry);
    }

    /** Returns the columns from left to right; the wide ones only if {@code wide} is true. */
    List<Column<T>> columns(boolean wide) {
        return columns.stream().filter(column -> wide || !column.wide()).toList();
    }
}
