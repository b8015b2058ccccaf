package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests how a list is divided into pages. */
final class ListPageTest {

    private static final List<String> LIST = List.of("a", "b", "c", "d", "e");
    private static final int PAGE_SIZE = 2;

    @Test
    void of_aLongList_returnsOnePart() {
        ListPage<String> secondPage = ListPage.of(LIST, "2", PAGE_SIZE);
        assertThat(secondPage)
                .isEqualTo(new ListPage<>(List.of("c", "d"), /* number= */ 2, /* first= */ 2, LIST.size()));
        assertThat(secondPage.isPart()).isTrue();
        assertThat(secondPage.hasMore()).isTrue();

        // The last page is shorter.
        assertThat(ListPage.of(LIST, "3", PAGE_SIZE).items()).containsExactly("e");
        assertThat(ListPage.of(LIST, "3", PAGE_SIZE).hasMore()).isFalse();
    }

    @Test
    void of_aPageThatDoesNotExist_returnsTheLastOrTheFirstPage() {
        assertThat(ListPage.of(LIST, "999999", PAGE_SIZE).number()).isEqualTo(3);
        assertThat(ListPage.of(LIST, "9999999", PAGE_SIZE).number()).isEqualTo(1);
        assertThat(ListPage.of(LIST, "-1", PAGE_SIZE).number()).isEqualTo(1);
        assertThat(ListPage.of(LIST, "", PAGE_SIZE).number()).isEqualTo(1);
        assertThat(ListPage.of(List.of(), "2", PAGE_SIZE))
                .isEqualTo(new ListPage<>(List.of(), /* number= */ 1, /* first= */ 0, /* total= */ 0));
    }

    @Test
    void of_aShortList_returnsAllOfIt() {
        ListPage<String> onlyPage = ListPage.of(LIST, "1", LIST.size());
        assertThat(onlyPage.items()).isEqualTo(LIST);
        assertThat(onlyPage.isPart()).isFalse();
        assertThat(onlyPage.hasMore()).isFalse();
    }
}
