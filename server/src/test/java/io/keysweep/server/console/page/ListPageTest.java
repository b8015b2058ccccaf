package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests how a list is divided into pages. */
final class ListPageTest {

    private static final List<String> LIST = List.of("a", "b", "c", "d", "e");

    @Test
    void of_aLongList_returnsOnePart() {
        ListPage<String> second = ListPage.of(LIST, "2", 2);
        assertThat(second).isEqualTo(new ListPage<>(List.of("c", "d"), 2, 2, 5));
        assertThat(second.isPart()).isTrue();
        assertThat(second.hasMore()).isTrue();
        assertThat(ListPage.of(LIST, "3", 2).items()).containsExactly("e");
        assertThat(ListPage.of(LIST, "3", 2).hasMore()).isFalse();
    }

    @Test
    void of_aPageThatDoesNotExist_returnsTheLastOrTheFirstPage() {
        assertThat(ListPage.of(LIST, "999999", 2).number()).isEqualTo(3);
        assertThat(ListPage.of(LIST, "9999999", 2).number()).isEqualTo(1);
        assertThat(ListPage.of(LIST, "-1", 2).number()).isEqualTo(1);
        assertThat(ListPage.of(LIST, "", 2).number()).isEqualTo(1);
        assertThat(ListPage.of(List.of(), "2", 2)).isEqualTo(new ListPage<>(List.of(), 1, 0, 0));
    }

    @Test
    void of_aShortList_returnsAllOfIt() {
        ListPage<String> only = ListPage.of(LIST, "1", 5);
        assertThat(only.items()).isEqualTo(LIST);
        assertThat(only.isPart()).isFalse();
        assertThat(only.hasMore()).isFalse();
    }
}
