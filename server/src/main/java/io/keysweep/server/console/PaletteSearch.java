package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/**
 * Finds what the command palette offers for a text: instances by name, pages, and actions.
 *
 * <p>A line is found if it contains every word of the text, in upper or lower case. The search offers nothing that the
 * caller is not allowed to see or do. Thread-safe.
 */
@Component
final class PaletteSearch {

    /** The maximum number of instances that are offered, and of scans to start. */
    static final int MAX_INSTANCES = 20;

    /** The number of instances that one query reads. */
    private static final int PAGE = 200;

    private final InstanceAccess instances;
    private final MessageSource messages;

    PaletteSearch(InstanceAccess instances, MessageSource messages) {
        this.instances = instances;
        this.messages = messages;
    }

    /**
     * Contains what was found.
     *
     * @param instances links to the pages of instances
     * @param pages links to other pages
     * @param actions scans to start, another language, and the sign-out
     */
    record SearchResult(List<PaletteEntry> instances, List<PaletteEntry> pages, List<PaletteEntry> actions) {

        /** Returns the number of lines. */
        public int size() {
            return instances.size() + pages.size() + actions.size();
        }
    }

    /**
     * Finds lines.
     *
     * @param text words; an empty text finds all pages, the first instances and the actions that concern no instance
     * @param locale language of the labels
     */
    SearchResult find(Caller caller, String text, Locale locale) {
        List<String> words = Stream.of(text.toLowerCase(Locale.ROOT).split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
        List<PaletteEntry> pages = PageLink.all(caller).stream()
                .map(page -> PaletteEntry.link(message(locale, page.key()), page.path()))
                .filter(entry -> matches(entry, words))
                .toList();
        List<PaletteEntry> scans = words.isEmpty() ? List.of() : scans(caller, words, locale);
        List<PaletteEntry> actions = Stream.concat(
                        scans.stream(), sessionButtons(locale).filter(entry -> matches(entry, words)))
                .toList();
        return new SearchResult(instances(caller, words), pages, actions);
    }

    private List<PaletteEntry> instances(Caller caller, List<String> words) {
        return matching(caller, words)
                .filter(instance -> Permissions.on(caller, instance).seeInstance())
                .map(instance -> PaletteEntry.link(instance.name(), path(instance)))
                .limit(MAX_INSTANCES)
                .toList();
    }

    /**
     * Returns the lines that start scans. Each word must be in the label of the action or in the name of the instance.
     */
    private List<PaletteEntry> scans(Caller caller, List<String> words, Locale locale) {
        String label = message(locale, "palette.scan", "").toLowerCase(Locale.ROOT);
        List<String> wordsOfName =
                words.stream().filter(word -> !label.contains(word)).toList();
        return matching(caller, wordsOfName)
                .filter(instance -> Permissions.on(caller, instance).seeInstance()
                        && Permissions.on(caller, instance).scan())
                .map(instance ->
                        PaletteEntry.link(message(locale, "palette.scan", instance.name()), path(instance) + "/scan"))
                .limit(MAX_INSTANCES)
                .toList();
    }

    /** Returns the instances whose name contains all words. Reads them from the database page by page, as needed. */
    private Stream<Instance> matching(Caller caller, List<String> words) {
        if (!Permissions.of(caller).listInstances()) {
            return Stream.empty();
        }
        // The database compares one word, and this method the others.
        String longest =
                words.stream().max(Comparator.comparingInt(String::length)).orElse("");
        return Stream.iterate(0, offset -> offset + PAGE)
                .map(offset -> instances.page(caller, longest, offset, PAGE))
                .takeWhile(page -> !page.isEmpty())
                .flatMap(List::stream)
                .filter(instance -> contains(instance.name(), words));
    }

    /** Returns the buttons that change the language and sign out. */
    private Stream<PaletteEntry> sessionButtons(Locale locale) {
        String otherLanguage = locale.getLanguage().equals("zh") ? "en" : "zh-CN";
        return Stream.of(
                PaletteEntry.button(message(locale, "palette.language"), "language", otherLanguage),
                PaletteEntry.button(message(locale, "layout.signOut"), "sign-out", /* value= */ null));
    }

    private static String path(Instance instance) {
        return ConsolePath.ROOT + "/instances/" + instance.id();
    }

    private static boolean matches(PaletteEntry entry, List<String> words) {
        return contains(entry.label(), words);
    }

    /** Returns whether a text contains all words, which are in lower case. */
    private static boolean contains(String text, List<String> words) {
        String lowerCase = text.toLowerCase(Locale.ROOT);
        return words.stream().allMatch(lowerCase::contains);
    }

    private String message(Locale locale, String key, Object... arguments) {
        return messages.getMessage(key, arguments, locale);
    }
}
