package io.keysweep.server.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.ui.ExtendedModelMap;

/** Tests how long lists of projects, access keys and users are divided into pages. */
final class AccessFormsTest {

    private static final int ROWS_PER_PAGE = 50;

    /** The length of a list that has three pages. */
    private static final int LONG_LIST = 120;

    @Test
    void addPage_ofALongList_addsItsRows_orTheLastPageIfThereIsNoSuchPage() {
        assertThat(page(LONG_LIST, "1"))
                .containsEntry("rows", numbers(0, ROWS_PER_PAGE))
                .containsEntry("hasMore", true);
        assertThat(page(LONG_LIST, "2"))
                .containsEntry("rows", numbers(ROWS_PER_PAGE, 2 * ROWS_PER_PAGE))
                .containsEntry("hasMore", true);
        assertThat(page(LONG_LIST, "3"))
                .containsEntry("rows", numbers(2 * ROWS_PER_PAGE, LONG_LIST))
                .containsEntry("hasMore", false);

        assertThat(page(LONG_LIST, AccessForms.LAST_PAGE))
                .isEqualTo(page(LONG_LIST, "3"))
                .containsEntry("page", 3);
        assertThat(page(LONG_LIST, "nonsense")).isEqualTo(page(LONG_LIST, "1"));
        assertThat(page(/* rows= */ 0, "7"))
                .containsEntry("rows", List.of())
                .containsEntry("page", 1)
                .containsEntry("hasMore", false);
    }

    @Test
    void pageWith_theIndexOfARow_isTheNumberOfItsPage() {
        assertThat(AccessForms.pageWith(ROWS_PER_PAGE - 1)).isEqualTo("1");
        assertThat(AccessForms.pageWith(ROWS_PER_PAGE)).isEqualTo("2");
        assertThat(AccessForms.pageWith(-1)).isEqualTo("1");
    }

    private static ExtendedModelMap page(int rows, String page) {
        ExtendedModelMap model = new ExtendedModelMap();
        AccessForms.addPage("rows", numbers(0, rows), page, model);
        return model;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
