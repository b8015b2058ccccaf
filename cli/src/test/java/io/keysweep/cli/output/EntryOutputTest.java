package io.keysweep.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.TestShell;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests the formats of lists that the option {@code --output} offers: table, CSV, JSON, YAML, names and ids. */
final class EntryOutputTest {

    private static final Table<Entry> TABLE = Table.of("There is nothing.", Entry::name, Entry::id)
            .column("NAME", Entry::name)
            .column("KEYS", Entry::keys)
            .column("DONE", entry -> new Fraction(entry.done()))
            .wide("SINCE", Entry::since)
            .column("NOTE", Entry::note);

    private static final List<Entry> ENTRIES = List.of(
            new Entry("1", "a", 1_234_567, 0.5, Instant.parse("2026-01-02T03:04:05.678Z"), /* note= */ null),
            new Entry("2", "订单", 8, 1, Instant.parse("2026-01-02T03:04:05Z"), "said \"no\", then\u001b[2J"));

    private final TestShell shell = new TestShell();

    /** Represents a line of a list; {@code done} is a fraction from 0 to 1. */
    record Entry(
            String id,
            String name,
            long keys,
            double done,
            Instant since,
            @Nullable String note) {}

    @Test
    void table_severalEntries_hasHeadersAndAlignedColumnsAndNoControlCharacters() {
        assertThat(lines())
                .containsExactly(
                        "NAME       KEYS   DONE  NOTE",
                        "a     1,234,567   50 %  -",
                        "订单          8  100 %  said \"no\", then\\u001b[2J");
    }

    @Test
    void wide_severalEntries_hasAllColumns() {
        assertThat(lines("-o", "wide").getFirst()).isEqualTo("NAME       KEYS   DONE  SINCE                 NOTE");
    }

    @Test
    void csv_severalEntries_hasRawValuesInQuotesWhereNecessary() {
        assertThat(lines("--output=CSV"))
                .containsExactly(
                        "name,keys,done,since,note",
                        "a,1234567,0.5,2026-01-02T03:04:05.678Z,",
                        "订单,8,1.0,2026-01-02T03:04:05Z,\"said \"\"no\"\", then\\u001b[2J\"");
    }

    @Test
    void csv_textThatASpreadsheetReadsAsAFormula_getsAnApostrophe() {
        Entry entry = new Entry("1", "=1+1", -5, 0.5, Instant.EPOCH, "@SUM(A1,B1)");
        options("-o", "csv").writeList(shell.context(), List.of(entry), TABLE);

        assertThat(shell.out().lines().toList().getLast())
                .isEqualTo("'=1+1,-5,0.5,1970-01-01T00:00:00Z,\"'@SUM(A1,B1)\"");
    }

    @ParameterizedTest
    @CsvSource({"name, a", "id, 1"})
    void nameOrId_severalEntries_isOneOnEachLine(String format, String first) {
        assertThat(lines("-o", format)).hasSize(2).first().isEqualTo(first);
    }

    @Test
    void yaml_severalEntries_hasTheFieldsOfTheJson() {
        assertThat(lines("-o", "yaml")).startsWith("- id: '1'", "  name: a", "  keys: 1234567", "  done: 0.5");
    }

    @ParameterizedTest
    @CsvSource({"True", "0x10", "NULL", "~", "'.5'"})
    void yaml_textThatLooksLikeAnotherType_isQuoted(String name) {
        assertThat(YamlText.of(Map.of("name", name))).isIn("name: '" + name + "'\n", "name: \"" + name + "\"\n");
    }

    @Test
    void json_byEitherOption_isTheSame() {
        assertThat(lines("--json")).singleElement().asString().startsWith("[{\"id\":\"1\",\"name\":\"a\"");
        // The shell keeps the output of both calls.
        assertThat(lines("-o", "json")).hasSize(2).last().asString().startsWith("[{\"id\":\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-o csv --json", "--json --output table"})
    void json_withAnotherFormat_isRefused(String arguments) {
        CommandLine.ParseResult parsed = new CommandLine(new Listing()).parseArgs(arguments.split(" "));

        assertThatThrownBy(() -> EntryOutput.requireOneFormat(parsed))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("and --json exclude each other");
    }

    @Test
    void json_byBothOptions_isAccepted() {
        Listing listing = new Listing();
        EntryOutput.requireOneFormat(new CommandLine(listing).parseArgs("--json", "-o", "json"));

        assertThat(listing.output.isDefault()).isFalse();
    }

    @Test
    void list_withoutEntries_saysSoOnStandardErrorOnly() {
        options().writeList(shell.context(), List.<Entry>of(), TABLE);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains("There is nothing.");

        options("--json").writeList(shell.context(), List.<Entry>of(), TABLE);
        assertThat(shell.out().strip()).isEqualTo("[]");
    }

    private List<String> lines(String... arguments) {
        options(arguments).writeList(shell.context(), ENTRIES, TABLE);
        return shell.out().lines().toList();
    }

    private static EntryOutput options(String... arguments) {
        return CommandLine.populateCommand(new EntryOutput(), arguments);
    }

    @CommandLine.Command
    private static final class Listing {

        @CommandLine.Mixin
        private EntryOutput output = new EntryOutput();
    }
}
