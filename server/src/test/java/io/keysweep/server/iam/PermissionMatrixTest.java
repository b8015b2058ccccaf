package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests that {@code permissions.txt} has a line for each operation, and names actions that exist. */
class PermissionMatrixTest {

    private final List<PermissionRow> rows = PermissionRow.readAll();

    @Test
    void matrix_hasOneLineForEachOperationOfBothDocuments() {
        Set<String> described = new TreeSet<>(ApiOperations.nativeOperations().keySet());
        described.addAll(ApiOperations.dcsOperations().keySet());

        assertThat(described).hasSizeGreaterThan(70);
        assertThat(rows.stream().map(PermissionRow::operation).filter(name -> !name.contains(" ")))
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void dcsOperations_needTheActionsOfTheTableInTheDocs() {
        assertThat(rows.stream()
                        .filter(row -> ApiOperations.dcsOperations().containsKey(row.operation()))
                        .collect(Collectors.toMap(PermissionRow::operation, PermissionRow::needs)))
                .isEqualTo(ApiOperations.dcsActions())
                .hasSizeGreaterThan(7);
    }

    @Test
    void actionsOfTheMatrix_areExactlyTheExistingActions() {
        assertThat(rows.stream().flatMap(row -> row.actions().stream()).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Action.values()).map(Action::wireName).toList());
    }

    @Test
    void actionInTheSummaryOfAnOperation_isInTheLineOfTheOperation() {
        assertThat(ApiOperations.summaryActions())
                .hasSizeGreaterThan(8)
                .allSatisfy((operation, action) -> assertThat(
                                rows.stream().filter(row -> row.operation().equals(operation)))
                        .singleElement()
                        .satisfies(row -> assertThat(row.actions()).contains(action)));
    }

    @Test
    void decisiveActions_ofEachForm_areTheSetsWithoutWhichAKeyIsRefused() {
        assertThat(decisive("a")).containsExactly(Set.of("a"));
        assertThat(decisive("a and b")).containsExactlyInAnyOrder(Set.of("a"), Set.of("b"));
        assertThat(decisive("a or b")).containsExactly(Set.of("a", "b"));
        assertThat(decisive("any key")).isEmpty();
        assertThat(decisive("nothing")).isEmpty();
    }

    /** Returns the decisive actions of a line with this text in its column {@code needs}. */
    private static List<Set<String>> decisive(String needs) {
        return new PermissionRow(
                        "x", needs, /* otherProject= */ "all", /* allowed= */ "200", /* id= */ "", /* body= */ "")
                .decisiveActions();
    }
}
