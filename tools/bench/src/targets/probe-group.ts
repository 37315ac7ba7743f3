/** Of the stand-in for FusionAuth. */
export const probeGroupId = '5f6f1a0e-6a3c-4a55-9c0b-8f0c7f4f6a11';
