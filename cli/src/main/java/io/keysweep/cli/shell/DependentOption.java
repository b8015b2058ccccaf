package io.keysweep.cli.shell;

/** Refuses an option without the other option that it belongs to, because it would be ignored. */
public final class DependentOption {

    private DependentOption() {}

    /**
     * Checks that an option is not given without its partner.
     *
     * @param option name of the option
     * @param isGiven whether the user has given the option
     * @param partner name of the option that must be given with it, or several joined by "or"
     * @param isPartnerGiven whether the user has given the partner
     * @throws CommandFailure if the option is given alone; the message names both
     */
    public static void refuseAlone(String option, boolean isGiven, String partner, boolean isPartnerGiven) {
        if (isGiven && !isPartnerGiven) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    option + " is given without " + partner + " and would have no effect: give " + partner
                            + " too, or leave it out");
        }
    }
}
