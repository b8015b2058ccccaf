package io.keysweep.cli.completion;

/**
 * Writes the completion script of each shell: the function that finds candidates ({@link CandidatesScript}), and the
 * few lines with which the shell calls it.
 *
 * <p>{@code _keysweep_candidates} prints {@code :files} where names of files must be completed; the shell then
 * completes them itself.
 */
final class CompletionScripts {

    /**
     * The function that bash calls. Bash splits words at {@code =}, so the value of {@code --option=value} can arrive
     * as a word of its own. Bash also splits words at {@code :} and {@code @}, as in URLs and names of users. The
     * function joins these parts, unless {@code COMP_LINE} has a blank between two parts. Bash inserts a candidate in
     * place of the part after the last split only. So {@code before}, the text ahead of that part, is cut off from each
     * candidate.
     */
    private static final String BASH = """
            _keysweep() {
              local current before line="$COMP_LINE" word="" last gap i words=()
              for ((i = 0; i <= COMP_CWORD; i++)); do
                last="$word" word="${COMP_WORDS[i]}"
                gap="${line%%[![:blank:]]*}"
                line="${line#"$gap"}"
                line="${line#"$word"}"
                if [ -z "$gap" ] && [[ $word =~ ^[@:]+$ || $last =~ ^[@:]+$ ]]; then
                  words[${#words[@]}-1]+="$word"
                else
                  words+=("$word")
                fi
              done
              current="${words[${#words[@]}-1]}"
              if [ "$current" = "=" ]; then current=; fi
              if [[ $word =~ ^[@:]+$ ]]; then before="$current"; else before="${current%"$word"}"; fi
              COMPREPLY=()
              while IFS= read -r line; do
                case "$line" in
                  :files)
                    compopt -o filenames 2>/dev/null
                    while IFS= read -r line; do COMPREPLY+=("${line#"$before"}"); done < <(compgen -f -- "$current") ;;
                  "$current"*) COMPREPLY+=("${line#"$before"}") ;;
                esac
              done < <(_keysweep_candidates "${words[0]}" "$current" "${words[@]:1:${#words[@]}-2}")
            }
            complete -F _keysweep keysweep
            """;

    /** The last line works both when the script is sourced and when zsh loads it as an autoloaded function. */
    private static final String ZSH = """
            _keysweep() {
              local -a found
              found=("${(@f)$(_keysweep_candidates "${words[1]}" "${words[CURRENT]}" "${(@)words[2,CURRENT-1]}")}")
              if [[ ${found[1]} == :files ]]; then _files; else compadd -- "${(@)found:#}"; fi
            }
            if [ "${funcstack[1]}" = _keysweep ]; then _keysweep "$@"; else compdef _keysweep keysweep; fi
            """;

    /** Fish has a different language, so it runs the function with bash. */
    private static final String FISH = """
            function __keysweep_candidates
              set -l before (commandline -opc)
              set -l found (bash -c $__keysweep_script _ $before[1] (commandline -ct) $before[2..-1])
              if test "$found[1]" = :files
                __fish_complete_path (commandline -ct)
              else
                printf '%s\\n' $found
              end
            end
            complete -c keysweep -f -a '(__keysweep_candidates)'
            """;

    private CompletionScripts() {}

    static String bash(String candidates) {
        return "# Completion of keysweep for bash: source <(keysweep completion bash)\n" + candidates + BASH;
    }

    static String zsh(String candidates) {
        return "#compdef keysweep\n# Completion of keysweep for zsh: source <(keysweep completion zsh)\n" + candidates
                + ZSH;
    }

    static String fish(String candidates) {
        // The script becomes a quoted text of fish, in which only the backslash and the quote are special.
        String script = candidates + "_keysweep_candidates \"$@\"\n";
        return "# Completion of keysweep for fish: keysweep completion fish | source\nset -g __keysweep_script '"
                + script.replace("\\", "\\\\").replace("'", "\\'") + "'\n" + FISH;
    }
}
