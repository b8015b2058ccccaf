package io.keysweep.server.console.page;

import java.util.List;

/**
 * Contains the part of a list that one page of the console shows, because the whole list would make the page too large.
 *
 * <p>The methods are public because templates call them.
 *
 * @param <T> type of the items
 * @param items the items of this page, in their order
 * @param number number of this page, from 1
 * @param first position of the first item of this page in the whole list, from 0
 * @param total number of items in the whole list
 */
public record ListPage<T>(List<T> items, int number, int first, int total) {

    public ListPage {
        items = List.copyOf(items);
    }

    /**
     * Returns a page of a list.
     *
     * @param number number of the page as a request contains it, see {@link #number(String)}. If the list has fewer
     *     pages, the result is its last page
     * @param size maximum number of items of a page
     */
    public static <T> ListPage<T> of(List<T> list, String number, int size) {
        int last = Math.max(1, (list.size() + size - 1) / size);
        int page = Math.min(number(number), last);
        int first = (page - 1) * size;
        return new ListPage<>(list.subList(first, Math.min(first + size, list.size())), page, first, list.size());
    }

    /** Returns the number of a page in a request; 1 for a text that is no number of a page. */
    public static int number(String text) {
        return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : 1;
    }

    /** Returns whether the list has items on other pages. */
    public boolean isPart() {
        return items.size() < total;
    }

    /** Returns whether the list has items after the items of this page. */
    public boolean hasMore() {
        return first + items.size() < total;
    }
}
