package io.keysweep.server.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.ui.ExtendedModelMap;

/** Tests how long lists of projects, access keys and users are divided into pages. */
final class AccessFormsTest {

    @Test
    void addPage_ofALongList_addsItsRows_orTheLastPageIfThereIsNoSuchPage() {
        assertThat(page(120, "1")).containsEntry("rows", numbers(0, 50)).containsEntry("hasMore", true);
        assertThat(page(120, "2")).containsEntry("rows", numbers(50, 100)).containsEntry("hasMore", true);
        assertThat(page(120, "3")).containsEntry("rows", numbers(100, 120)).containsEntry("hasMore", false);
        assertThat(page(120, AccessForms.LAST_PAGE)).isEqualTo(page(120, "3")).containsEntry("page", 3);
        assertThat(page(120, "nonsense")).isEqualTo(page(120, "1"));
        assertThat(page(0, "7"))
                .containsEntry("rows", List.of())
                .containsEntry("page", 1)
                .containsEntry("hasMore", false);
    }

    @Test
    void pageWith_theIndexOfARow_isTheNumberOfItsPage() {
        assertThat(AccessForms.pageWith(49)).isEqualTo("1");
        assertThat(AccessForms.pageWith(50)).isEqualTo("2");
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
