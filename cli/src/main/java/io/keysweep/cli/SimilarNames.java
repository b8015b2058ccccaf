package io.keysweep.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Finds the names that a mistyped word probably means: names that begin with it, and names that differ in few letters.
 */
final class SimilarNames {

    private static final int MAX_NAMES = 3;

    /** Number of letters for each mistake that a word may have: a word of six letters may have two mistakes. */
    private static final int LETTERS_PER_MISTAKE = 3;

    private SimilarNames() {}

    /** Returns up to three of the names, the most similar first; none if all differ too much. */
    static List<String> of(String word, Collection<String> names) {
        if (word.isEmpty()) {
            return List.of();
        }
        String lowerCaseWord = word.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, lowerCaseWord.length() / LETTERS_PER_MISTAKE);
        return names.stream()
                .filter(name -> name.startsWith(lowerCaseWord)
                        || (Math.abs(name.length() - lowerCaseWord.length()) <= limit
                                && countMistakes(lowerCaseWord, name) <= limit))
                .sorted(Comparator.comparingInt(name -> countMistakes(lowerCaseWord, name)))
                .limit(MAX_NAMES)
                .toList();
    }

    /**
     * Returns how many letters must be added, left out, replaced, or swapped with the next letter, to turn one text
     * into the other. This is the edit distance in the form "optimal string alignment".
     */
    private static int countMistakes(String first, String second) {
        int[][] distances = new int[first.length() + 1][second.length() + 1];
        for (int i = 0; i <= first.length(); i++) {
            for (int j = 0; j <= second.length(); j++) {
                distances[i][j] = i == 0 || j == 0 ? i + j : distanceOfBeginnings(distances, first, second, i, j);
            }
        }
        return distances[first.length()][second.length()];
    }

    /** Returns the distance between the first {@code i} letters of a text and the first {@code j} of another one. */
    private static int distanceOfBeginnings(int[][] distances, String first, String second, int i, int j) {
        boolean isSame = first.charAt(i - 1) == second.charAt(j - 1);
        int fewest = Math.min(
                distances[i - 1][j - 1] + (isSame ? 0 : 1), Math.min(distances[i - 1][j], distances[i][j - 1]) + 1);
        boolean isSwapped = i > 1
                && j > 1
                && first.charAt(i - 1) == second.charAt(j - 2)
                && first.charAt(i - 2) == second.charAt(j - 1);
        return isSwapped ? Math.min(fewest, distances[i - 2][j - 2] + 1) : fewest;
    }
}
