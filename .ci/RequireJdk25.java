/** Ends the build with one sentence where no JDK is new enough: the build starts this on the newest one that is installed. */
final class RequireJdk25 {

    private static final int FEATURE = 25;

    private RequireJdk25() {}

    public static void main(String[] args) {
        if (Runtime.version().feature() < FEATURE) {
            System.err.println("This build needs JDK " + FEATURE + ", and the newest that it finds is "
                    + Runtime.version().feature() + ": get one from https://adoptium.net/temurin/releases/?version=25, "
                    + "and set JAVA_HOME to it if it is in no usual place.");
            System.exit(1);
        }
    }
}
