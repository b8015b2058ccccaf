package io.keysweep.cli.shell;

/** Refuses a command line with two options that contradict each other, because one of them would be ignored. */
public final class ExclusiveOptions {

    private ExclusiveOptions() {}

    /**
     * Checks that at most one of two options is given.
     *
     * @param first name of the first option
     * @param isFirstGiven whether the user has given the first option
     * @param second name of the second option
     * @param isSecondGiven whether the user has given the second option
     * @throws CommandFailure if both options are given; the message names both
     */
    public static void refuseBoth(String first, boolean isFirstGiven, String second, boolean isSecondGiven) {
        if (isFirstGiven && isSecondGiven) {
            throw new CommandFailure(
                    ExitCode.USAGE, first + " and " + second + " exclude each other: give only one of them");
        }
    }
}
